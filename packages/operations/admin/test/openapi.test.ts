import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { createManagedApp } from './support/managed-app'

interface Operation {
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>
  readonly requestBody?: { content: Record<string, { schema: object }> }
}

/** A body for each POST operation to which it answers with 200. */
const exampleBodies: Record<string, unknown> = {
  'post /invalidate': { tags: ['t'] },
  'post /clear': {},
  'post /warm': { function: 'double', arguments: [[1], [2]] },
  'post /audit': { name: 'all', sample: 10, repair: true },
  'post /sweep': {},
}

const ajv = new Ajv2020({ strict: false })
formats.default(ajv)

async function describeApp() {
  const source = createCache({ name: 'source', store: memoryStore() })
  const app = createManagedApp({
    warmUps: { all: () => [] },
    functions: { double: source.wrap(async (id: number) => 2 * id, { name: 'double' }) },
    audits: { all: { source: () => 1, rate: 1_000 } },
  })
  await app.cache.set('k', 1, { tags: ['t'] })
  await app.cache.getOrCompute('computed', () => 1)
  await app.cache.link('t', 'u')
  const document = (await app.get('openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return { ...app, document, operations }
}

test('the description is a valid OpenAPI document', async () => {
  const { document } = await describeApp()
  expect(await new Validator().validate(document as never)).toMatchObject({ valid: true })
})

test('every response matches the schema of its operation', async () => {
  const { get, post, operations } = await describeApp()
  const checkedPaths: string[] = []
  for (const { path, method, operation } of operations) {
    const schema = operation.responses['200']?.content['application/json']?.schema
    if (schema === undefined) continue
    const target = path.slice(1).replace('{key}', 'k')
    const { status, body } =
      method === 'get' ? await get(target) : await post(target, exampleBodies[`${method} ${path}`])
    expect([path, status]).toEqual([path, 200])
    expect([path, ajv.validate(schema, body), ajv.errorsText()]).toEqual([path, true, 'No errors'])
    checkedPaths.push(path)
  }
  expect(checkedPaths.length).toBeGreaterThanOrEqual(11)
})

test('every example body matches the schema of its operation', async () => {
  const { operations } = await describeApp()
  for (const { path, method, operation } of operations) {
    const schema = operation.requestBody?.content['application/json']?.schema
    if (schema !== undefined) expect(ajv.validate(schema, exampleBodies[`${method} ${path}`])).toBe(true)
  }
})
