import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinNamespace, parseQualifiedKey, qualifyKey } from '../src/entry/key'
import { compilePattern } from '../src/entry/pattern'
import { type Cache, createCache, type KeyView } from '../src/index'
import { pageOfKeys } from '../src/storage/key-page'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

async function allKeys(cache: Cache, limit: number): Promise<KeyView[]> {
  const found: KeyView[] = []
  let cursor: string | undefined
  do {
    const page = await cache.keys({ cursor, limit })
    found.push(...page.keys)
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}

describe('keys', () => {
  test('are listed page by page, each once, even if entries are read meanwhile', async () => {
    const cache = cacheOf()
    const names = Array.from({ length: 25 }, (_, at) => `key ${at}`)
    for (const name of names) await cache.set(name, 1)
    const found = await allKeys(cache, 4)
    expect(found.map(({ key }) => key).sort()).toEqual([...names].sort())
  })

  test('carry their namespaces, and a namespace lists only its own', async () => {
    const cache = cacheOf()
    const roles = cache.namespace('users').namespace('a/b%')
    await cache.set('plain', 1)
    await cache.set('@odd', 1)
    await roles.set('7', 1)
    expect(new Set(await allKeys(cache, 10))).toEqual(
      new Set([
        { namespace: [], key: 'plain' },
        { namespace: [], key: '@odd' },
        { namespace: ['users', 'a/b%'], key: '7' },
      ]),
    )
    expect(await allKeys(roles, 10)).toEqual([{ namespace: [], key: '7' }])
  })

  test('are filtered by a pattern', async () => {
    const cache = cacheOf()
    for (const key of ['user:1', 'user:22', 'job:1']) await cache.set(key, 1)
    const { keys } = await cache.keys({ pattern: 'user:?' })
    expect(keys).toEqual([{ namespace: [], key: 'user:1' }])
  })

  test('come from the farthest tier, which all processes share', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const [one, two] = ['near', 'far'].map(() =>
      createCache({ name: 'test', store: world.store(), clock }),
    ) as [Cache, Cache]
    await one.set('k', 1)
    expect((await two.keys()).keys).toEqual([{ namespace: [], key: 'k' }])
  })
})

test('parsing a qualified key returns the namespaces and the key it was made of', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom(...'a@/%') })
  fc.assert(
    fc.property(
      fc.array(name, { maxLength: 3 }),
      fc.string({ unit: fc.constantFrom(...'a@/%') }),
      (path, key) => {
        const full = qualifyKey(path.reduce(joinNamespace, ''), key)
        expect(parseQualifiedKey('', full)).toEqual({ namespace: path, key })
      },
    ),
  )
})

test('a key that no cache qualified is returned unchanged', () => {
  expect(parseQualifiedKey('', '@foreign')).toEqual({ namespace: [], key: '@foreign' })
  expect(parseQualifiedKey('', '@users/@foreign')).toEqual({ namespace: ['users'], key: '@foreign' })
})

test('a pattern matches like the equivalent regular expression', () => {
  const pattern = fc.string({ unit: fc.constantFrom(...'ab*?'), maxLength: 6 })
  const key = fc.string({ unit: fc.constantFrom(...'ab'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, key, (glob, text) => {
      const expression = new RegExp(`^${glob.replaceAll('?', '.').replaceAll('*', '.*')}$`)
      expect(compilePattern(glob)(text)).toBe(expression.test(text))
    }),
    { numRuns: 500 },
  )
})

test('a pattern finds long texts with wildcards in them', () => {
  const part = fc.string({ unit: fc.constantFrom(...'ab?'), minLength: 30, maxLength: 70 })
  const filling = fc.string({ unit: fc.constantFrom(...'ab'), maxLength: 40 })
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      filling,
      fc.nat(300),
      (texts, between, flip) => {
        const glob = `*${texts.join('*')}*`
        const match = `${between}${texts.join(between)}${between}`.replaceAll('?', 'b')
        expect(compilePattern(glob)(match)).toBe(true)
        const changed = [...match].map((letter, index) => (index === flip ? 'c' : letter)).join('')
        const expression = new RegExp(`^${glob.replaceAll('?', '.').replaceAll('*', '.*')}$`)
        expect(compilePattern(glob)(changed)).toBe(expression.test(changed))
      },
    ),
  )
})

test('matching a hostile pattern takes little time', () => {
  const startedAt = process.cpuUsage()
  expect(compilePattern(`${'*a'.repeat(2_000)}b`)('a'.repeat(4_000))).toBe(false)
  const longestKey = 'a'.repeat(512)
  for (const glob of [`*${'a'.repeat(250)}b*`, `*b${'a'.repeat(250)}*`, `*${'a?'.repeat(120)}b*`]) {
    const matches = compilePattern(glob)
    for (let key = 0; key < 500; key += 1) expect(matches(longestKey)).toBe(false)
  }
  // The time that this process computed, in µs, which other processes do not lengthen.
  const { user, system } = process.cpuUsage(startedAt)
  expect(user + system).toBeLessThan(1_000_000)
})

test('pages cover all keys in order, for any number of keys', () => {
  const keys = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 40 })
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 7 }), (all, count) => {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = pageOfKeys(
          all.map((key) => ({ key })),
          cursor,
          count,
        )
        expect(page.keys.length).toBeLessThanOrEqual(count)
        found.push(...page.keys)
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(found).toEqual([...all].sort())
    }),
  )
})

test('explain describes the entry that is served, even if a nearer one is dead', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const [one, two] = [0, 1].map(() => createCache({ name: 'test', store: world.store(), clock, ttl: '1h' }))
  await clock.advance(1_000)
  await one?.getOrCompute('k', () => 'old', { ttl: '1s' })
  await clock.advance(2_000)
  await two?.getOrCompute('k', () => 'new')
  await clock.advance(100)
  expect(await one?.explain('k')).toMatchObject({ outcome: 'hit', tier: 'world' })
  expect(await one?.get('k')).toBe('new')
})

test.each([
  ['long', 'x'.repeat(5_000)],
  ['cut in an emoji', 'a\ud83d'],
])('a key that is %s is served from memory like every other', async (_, key) => {
  const cache = createCache({ name: 'test', store: mapStore(), ttl: '1h' }).namespace('users')
  await cache.set(key, 'Ada')
  expect(cache.getLocal(key)).toBe('Ada')
  expect(await cache.get(key)).toBe('Ada')
  expect(await cache.getOrCompute(key, () => 'Grace')).toBe('Ada')
})
