import { describe, expect, test } from 'vitest'
import { type Cache, createCache, type EntryOptions } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** A cache, and the warnings that it gives from now on. */
function watchedCache(options: EntryOptions<never> = {}) {
  const warnings: string[] = []
  const logger = {
    info: () => undefined,
    warn: (_: object, text: string) => warnings.push(text),
    error: () => undefined,
  }
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock(), logger, ...options })
  return { cache, warnings }
}

const load = async (id: string) => id

describe('a number below 1 000 as a life, which other libraries take for seconds,', () => {
  test.each<[place: string, call: (cache: Cache) => unknown]>([
    ['wrap "load"', (cache) => cache.wrap(load, { ttl: 60 })],
    ['set', (cache) => cache.set('k', 1, { ttl: 60 })],
    ['setMany', (cache) => cache.setMany([['k', 1]], { ttl: 60 })],
    ['touch', (cache) => cache.touch('k', 60)],
    ['getOrCompute', (cache) => cache.getOrCompute('k', () => 1, { ttl: 60 })],
    ['getManyOrCompute', (cache) => cache.getManyOrCompute(['k'], () => [1], { ttl: 60 })],
    ['loader', (cache) => cache.loader((keys) => keys, { ttl: 60 })],
    ['begin', (cache) => cache.begin('k', { ttl: 60 })],
    ['fill', async (cache) => fillPlace(await cache.begin('k'), 60)],
  ])('gives one warning per place: %s', async (place, call) => {
    const { cache, warnings } = watchedCache()
    await call(cache)
    await call(cache)
    expect(warnings).toEqual([
      expect.stringContaining(
        `${place}: ttl: 60 is 60 milliseconds. Write '60s' if seconds are meant, and '60ms'`,
      ),
    ])
  })

  test('gives one warning for a whole cache', () => {
    const { warnings } = watchedCache({ ttl: 60, staleIfError: 3_600, negativeTtl: 5 })
    expect(warnings.map((text) => /createCache: \w+: \d+ is/.exec(text)?.[0])).toEqual([
      'createCache: ttl: 60 is',
      'createCache: negativeTtl: 5 is',
    ])
  })

  test.each<EntryOptions<string>['ttl']>(['60ms', '60s', 1_000, 0, Number.POSITIVE_INFINITY, () => 60])(
    'gives no warning as %s: it has a unit, is that long, or is the rest of a longer life',
    async (ttl) => {
      const { cache, warnings } = watchedCache()
      await cache.wrap(load, { ttl })('a')
      await cache.set('k', 'text', { ttl: ttl as never })
      expect(warnings).toEqual([])
    },
  )
})

function fillPlace(beginning: Awaited<ReturnType<Cache['begin']>>, ttl: number): unknown {
  return beginning.hit ? undefined : beginning.fill(1, { ttl })
}

describe('a deletion by a pattern', () => {
  test.each(['user:*', '*', 'user*', 'user:*:posts'])(
    'is a warning that names the tag: "%s" ends no entry',
    async (key) => {
      const { cache, warnings } = watchedCache()
      await cache.delete(key)
      await cache.deleteMany([key])
      expect(warnings).toEqual([expect.stringMatching(/keys have no patterns.*cache\.invalidate\(tag\)/)])
    },
  )

  test('is none for a key with a star that has an entry, and for arguments of a wrapped function', async () => {
    const { cache, warnings } = watchedCache()
    const search = cache.wrap(load, { name: 'search' })
    await cache.set('user:*', 1)
    await cache.delete('user:*')
    await search.invalidate('*')
    expect(warnings).toEqual([])
    expect(await cache.has('user:*')).toBe(false)
  })
})
