import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { operated } from './support/operated'

interface Operation {
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>
  readonly requestBody?: { content: Record<string, { schema: object }> }
}

/** What each operation is asked in the test, so that it answers with 200. */
const questions: Record<string, unknown> = {
  'post /invalidate': { tags: ['t'] },
  'post /clear': {},
  'post /warm': { name: 'all' },
}

const ajv = new Ajv2020({ strict: false })
formats.default(ajv)

async function described() {
  const made = operated({ warmUps: { all: () => [] } })
  await made.cache.set('k', 1, { tags: ['t'] })
  await made.cache.getOrCompute('computed', () => 1)
  await made.cache.link('t', 'u')
  const document = (await made.get('openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return { ...made, document, operations }
}

test('the description is valid OpenAPI', async () => {
  const { document } = await described()
  expect(await new Validator().validate(document as never)).toMatchObject({ valid: true })
})

test('every operation answers as it is described', async () => {
  const { get, post, operations } = await described()
  const answered: string[] = []
  for (const { path, method, operation } of operations) {
    const schema = operation.responses['200']?.content['application/json']?.schema
    if (schema === undefined) continue
    const target = path.slice(1).replace('{key}', 'k')
    const { status, body } =
      method === 'get' ? await get(target) : await post(target, questions[`${method} ${path}`])
    expect([path, status]).toEqual([path, 200])
    expect([path, ajv.validate(schema, body), ajv.errorsText()]).toEqual([path, true, 'No errors'])
    answered.push(path)
  }
  expect(answered.length).toBeGreaterThanOrEqual(11)
})

test('what is asked in the test is as it is described', async () => {
  const { operations } = await described()
  for (const { path, method, operation } of operations) {
    const schema = operation.requestBody?.content['application/json']?.schema
    if (schema !== undefined) expect(ajv.validate(schema, questions[`${method} ${path}`])).toBe(true)
  }
})
