import { describe, expect, test } from 'vitest'
import type { Cache, ComputeContext, ComputeOptions } from '../src/index'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

function watchedCache(options: { maxTagsPerEntry?: number } = {}) {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock, ...options })
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  return { cache, clock, warnings }
}

const failing = () => {
  throw new Error('the option failed')
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

const failures: [what: string, options: ComputeOptions<number>][] = [
  ['a tags function that throws', { tags: failing }],
  ['a tags function that returns no tags', { tags: (() => 7) as never }],
  ['a tag with a control character', { tags: () => ['user:\u0001'] }],
  ['a tag of the call that is too long', { tags: [`search:${'x'.repeat(600)}`] }],
  ['a tag of the call that holds a pattern', { tags: 'search:a*b' }],
  ['more tags than an entry may carry', { tags: numbers(5_000).map((id) => `item:${id}`) }],
  ['a ttl function that throws', { ttl: failing }],
  ['a ttl of a token that is just over', { ttl: () => -5 }],
  ['a ttl of a field that is missing', { ttl: (() => undefined) as never }],
  ['a ttl without a unit', { ttl: (() => '3600') as never }],
  ['a cacheIf function that throws', { cacheIf: failing }],
  ['a cacheIf function that returns a promise', { cacheIf: (() => Promise.resolve(true)) as never }],
]

describe.each(failures)('%s', (_, options) => {
  test('returns the value, stores nothing, and warns once', async () => {
    const { cache, warnings } = watchedCache()
    for (const expected of [1, 2])
      expect(await cache.getOrCompute('k', () => expected, options)).toBe(expected)
    expect(await cache.has('k')).toBe(false)
    expect(warnings).toEqual([expect.stringMatching(/^the value of "k" is returned but not stored: /)])
  })
})

const settings: [what: string, set: (context: ComputeContext) => void][] = [
  ['context.tag with an invalid tag', ({ tag }) => tag('a*')],
  ['context.ttl with a negative time', ({ ttl }) => ttl(-5)],
]

test.each(settings)('%s does not end the function', async (_, set) => {
  const { cache, warnings } = watchedCache()
  const compute = (context: ComputeContext) => {
    set(context)
    return 'the value'
  }
  expect(await cache.getOrCompute('k', compute)).toBe('the value')
  expect(await cache.has('k')).toBe(false)
  expect(warnings).toHaveLength(1)
})

test('warns once for all calls of a wrapped function, and once for another function', async () => {
  const { cache, warnings } = watchedCache()
  const user = cache.wrap(async (id: number) => id, { name: 'user', ttl: failing })
  const team = cache.wrap(async (id: number) => id, { name: 'team', ttl: failing })
  expect(await Promise.all([user(1), user(2), user(3), team(1)])).toEqual([1, 2, 3, 1])
  expect(warnings).toHaveLength(2)
})

test('a value made of one whose tags are unknown is not stored either', async () => {
  const { cache } = watchedCache()
  const page = () =>
    cache.getOrCompute(
      'page',
      async () => `page of ${await cache.getOrCompute('part', () => 1, { tags: failing })}`,
    )
  expect(await page()).toBe('page of 1')
  expect(cache.stats().fills).toMatchObject({ stored: 0, skipped: 2 })
})

test('a key of getManyOrCompute whose tags fail leaves its neighbours stored', async () => {
  const { cache } = watchedCache()
  const tags = (value: unknown) => (value === 'b' ? failing() : ['letters'])
  expect(await cache.getManyOrCompute(['a', 'b'], (keys) => keys, { tags })).toEqual(['a', 'b'])
  expect([await cache.has('a'), await cache.has('b')]).toEqual([true, false])
})

/** A cached list of three rows that has expired, and has 80 rows by now: too many to be tagged with. */
async function outgrownList(options: Pick<ComputeOptions, 'staleIfError' | 'staleWhileRevalidate'>) {
  const { cache, clock } = watchedCache({ maxTagsPerEntry: 10 })
  let rows = 3
  const list = () =>
    cache.getOrCompute('list', () => numbers(rows), {
      tags: (all) => all.map((id) => `job:${id}`),
      ttl: '1s',
      ...options,
    })
  await list()
  await clock.advance(2_000)
  rows = 80
  return { list, clock }
}

test('a list that grows beyond the limit replaces its old value at once', async () => {
  const { list } = await outgrownList({ staleIfError: '1h' })
  expect(await list()).toHaveLength(80)
})

test('a background refresh whose value cannot be stored ends the stale value', async () => {
  const { list, clock } = await outgrownList({ staleWhileRevalidate: '1h' })
  expect(await list()).toHaveLength(3)
  await clock.advance(0)
  expect(await list()).toHaveLength(80)
})

test('an error with too many dependencies reaches the caller as it is', async () => {
  const { cache } = watchedCache({ maxTagsPerEntry: 3 })
  const compute = async ({ tag }: ComputeContext) => {
    tag('a', 'b', 'c', 'd')
    throw new Error('no rows')
  }
  await expect(cache.getOrCompute('k', compute, { errorTtl: '1m' })).rejects.toThrow('no rows')
})

const pages: [what: string, read: (cache: Cache, ids: string[]) => Promise<unknown[]>][] = [
  [
    'getOrCompute',
    (cache, ids) => Promise.all(ids.map((id) => cache.getOrCompute(id, () => id, { tags: `tag:${id}` }))),
  ],
  [
    'getManyOrCompute',
    (cache, ids) => cache.getManyOrCompute(ids, (keys) => keys, { tags: (id) => `tag:${id}` }),
  ],
]

test.each(pages)(
  'a page made of 1 000 tagged values read by %s is stored, and ends with each',
  async (_, read) => {
    const { cache } = watchedCache()
    const ids = numbers(1_000).map((id) => `item:${id}`)
    const page = () => cache.getOrCompute('page', () => read(cache, ids))
    expect(await page()).toHaveLength(1_000)
    expect(await cache.has('page')).toBe(true)
    await cache.invalidate('tag:item:700')
    expect(await cache.has('page')).toBe(false)
  },
)

test('set refuses a value whose options fail, and leaves the old one', async () => {
  const { cache } = watchedCache()
  await cache.set('k', 'old')
  await expect(cache.set('k', 'new', { ttl: () => -1 })).rejects.toMatchObject({ code: 'BAD_DURATION' })
  await expect(cache.set('k', 'new', { tags: failing })).rejects.toThrow('the option failed')
  const pairs = [
    ['other', 'new'],
    ['k', 'new'],
  ] as const
  const tags = (value: string) => numbers(value.length * 2_000).map(String)
  await expect(cache.setMany(pairs, { tags })).rejects.toMatchObject({ code: 'TAG_GRAPH_TOO_LARGE' })
  expect(await cache.getMany(['k', 'other'])).toEqual(['old', undefined])
})

test('a static mistake in the options is refused where it is written', async () => {
  const { cache } = watchedCache()
  expect(() => cache.wrap(async () => 1, { name: 'one', tags: ['a*'] })).toThrow(/no patterns/)
  expect(() => cache.wrap(async () => 1, { name: 'one', ttl: -1 })).toThrow(/ttl must be a duration/)
  await expect(cache.getOrCompute('k', () => 1, { ttl: -1 })).rejects.toMatchObject({ code: 'BAD_DURATION' })
  await expect(cache.getOrCompute('k', () => 1, { tags: [''] })).rejects.toMatchObject({ code: 'BAD_TAG' })
})

test('a value with a getter that throws reaches the caller', async () => {
  const { cache } = watchedCache()
  const value = {
    get broken() {
      throw new Error('no such field')
    },
  }
  expect(await cache.getOrCompute('k', () => value)).toBeTypeOf('object')
})
