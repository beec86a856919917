import { expect, test } from 'vitest'
import { type Cache, createCache } from '../src/index'
import { createNameLimit } from '../src/invalidation/name-limit'
import { type TagState, touchState } from '../src/invalidation/tag-states'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

test('a sweep of many entries lets other work run after each few thousand', async () => {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: '1s' })
  for (let index = 0; index < 12_000; index += 1) await cache.set(`key ${index}`, index)
  await clock.advance(2_000)
  let removed: number | undefined
  const sweep = cache.sweep().then((count) => {
    removed = count
  })
  await clock.advance(0)
  await cache.set('written meanwhile', 1)
  expect(removed).toBeUndefined()
  await clock.advance(100)
  await sweep
  expect(removed).toBe(12_000)
  expect(await cache.get('written meanwhile')).toBe(1)
})

/** Names that are moved to the end leave their old places behind, over which an iterator would walk. */
class CountingStates extends Map<string, TagState> {
  iterators = 0

  override [Symbol.iterator]() {
    this.iterators += 1
    return super[Symbol.iterator]()
  }
}

test('an invalidation looks for names to forget only if there are too many', () => {
  const states = new CountingStates()
  const limitNames = createNameLimit(states, { maxNames: 80, separator: '' })
  for (let index = 0; index < 90; index += 1) {
    touchState(states, `tag ${index}`)
    limitNames('')
  }
  expect(states.iterators).toBeLessThanOrEqual(3)
  expect(states.size).toBeLessThanOrEqual(80)
})

test('while the oldest names are pending, an invalidation does not look at them again and again', () => {
  const states = new CountingStates()
  const limitNames = createNameLimit(states, { maxNames: 80, separator: '' })
  for (let index = 0; index < 1_000; index += 1) touchState(states, `tag ${index}`).pendingHard = 1
  for (let index = 0; index < 1_000; index += 1) limitNames('')
  expect(states.iterators).toBeLessThanOrEqual(16)
  for (const state of states.values()) state.pendingHard = 0
  for (let index = 0; index < 2_000; index += 1) limitNames('')
  expect(states.size).toBeLessThanOrEqual(80)
})

const manyKeys = Array.from({ length: 10_500 }, (_, index) => `key ${index}`)

test.each([
  ['deleteMany', (cache: Cache) => cache.deleteMany(manyKeys)],
  ['setMany', (cache: Cache) => cache.setMany(manyKeys.map((key) => [key, key] as const))],
])('%s of ten thousand names gives other work its turn after each thousand', async (_, change) => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock(), maxKnownTags: 4_000 })
  await cache.set('key 10499', 'old', { tags: ['key 10499'] })
  let turns = 0
  let isOver = false
  const countTurns = () => {
    turns += 1
    if (!isOver) setImmediate(countTurns)
  }
  setImmediate(countTurns)
  const result = await change(cache)
  isOver = true
  expect(result).toMatchObject({ outcome: 'applied' })
  expect(turns).toBeGreaterThanOrEqual(20)
  expect(await cache.get('key 10499')).not.toBe('old')
})

test('a few names are invalidated before the call returns', () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  void cache.set('k', 'old')
  void cache.deleteMany(['k'])
  expect(cache.getLocal('k')).toBeUndefined()
})

test('get answers from memory as getOrCompute does, inside a computation too', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  await cache.set('user', { name: 'Ada' }, { tags: ['user:7'] })
  const page = () =>
    cache.getOrCompute('page', async () => `page of ${(await cache.get<{ name: string }>('user'))?.name}`)
  expect(await page()).toBe('page of Ada')
  await cache.invalidate('user:7')
  expect(await page()).toBe('page of undefined')
  expect(cache.stats()).toMatchObject({ hits: { map: 1 } })
})
