import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

function watchedCache() {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  return { cache, warnings }
}

async function* count() {
  yield 1
  yield 2
}

async function readAll(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const item of items) all.push(item)
  return all
}

describe.each<[what: string, create: () => unknown, read: (value: never) => unknown, content: unknown]>([
  ['a response', () => new Response('[1]'), (response: Response) => response.json(), [1]],
  ['a part that is a response', () => ({ r: new Response('a') }), ({ r }: { r: Response }) => r.text(), 'a'],
  ['a generator', count, readAll, [1, 2]],
  ['a stream of Node', () => Readable.from([1, 2]), readAll, [1, 2]],
  ['a web stream', () => new Response('ab').body, (body: ReadableStream) => new Response(body).text(), 'ab'],
])('%s, which can be read once', (_, create, read, content) => {
  test('is computed for each caller, also for those that come at once, with one warning', async () => {
    const { cache, warnings } = watchedCache()
    const load = cache.wrap(async () => create(), { name: 'load' })
    const first = await Promise.all([load(), load(), load()])
    for (const value of [...first, await load()]) expect(await read(value as never)).toEqual(content)
    expect(warnings).toEqual([
      expect.stringMatching(/not stored: its? .*can be read once\. Return what it gives/),
    ])
  })

  test('is not stored by set', async () => {
    const { cache, warnings } = watchedCache()
    await cache.set('k', create())
    expect(await cache.has('k')).toBe(false)
    expect(warnings).toHaveLength(1)
  })
})

test('a response without a body, and a promise, are shared as they are', async () => {
  const { cache, warnings } = watchedCache()
  const response = new Response(null, { status: 204 })
  const load = cache.wrap(async () => ({ response, later: Promise.resolve(1) }), { name: 'load' })
  await load()
  expect((await load()).response).toBe(response)
  expect(warnings).toEqual([])
})

test('a value that is made of a response is stored', async () => {
  const { cache } = watchedCache()
  const request = cache.wrap(async () => new Response('[1]'), { name: 'request', tags: 'list' })
  const list = () => cache.getOrCompute('list', async () => (await request()).json())
  await list()
  expect(cache.peek('list')).toMatchObject({ value: [1], tags: expect.arrayContaining(['list']) })
})
