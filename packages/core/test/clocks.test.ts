import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { createLogClock } from '../src/invalidation/log-clock'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

const hour = 3_600_000

describe('a wall clock that is set back by an hour', () => {
  test('does not prolong the life of an entry in memory', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: '1s' })
    await cache.set('k', 1)
    await cache.getOrCompute('computed', () => 'old')
    clock.setWall(clock.now() - hour)
    expect(await cache.get('k')).toBe(1)
    await clock.advance(999)
    expect(await cache.getOrCompute('computed', () => 'new')).toBe('old')
    await clock.advance(16)
    expect(await cache.get('k')).toBeUndefined()
    expect(await cache.getOrCompute('computed', () => 'new')).toBe('new')
  })

  test('leaves new entries and touched ones their whole life', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: '1s' })
    await cache.set('touched', 1)
    clock.setWall(clock.now() - hour)
    await cache.set('new', 1)
    await clock.advance(500)
    await cache.touch('touched', '1s')
    await clock.advance(499)
    expect(await cache.getMany(['touched', 'new'])).toEqual([1, 1])
    await clock.advance(500)
    expect(await cache.getMany(['touched', 'new'])).toEqual([1, undefined])
  })

  test('does not prolong the life of an entry that came from a shared store, even before the next sync', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const slow = { ...clock, now: () => clock.now() }
    const a = createCache({ name: 'test', store: world.store(), clock, ttl: '500ms' })
    const b = createCache({ name: 'test', store: world.store(), clock: slow, ttl: '500ms' })
    await clock.advance(900)
    await a.set('k', 1)
    expect(await b.get('k')).toBe(1)
    slow.now = () => clock.now() - hour
    await clock.advance(501)
    expect(await b.get('k')).toBeUndefined()
  })
})

test('a wall clock that is set forward does not prolong the life of entries that others read', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const fast = { ...clock, now: () => clock.now() }
  const a = createCache({ name: 'test', store: world.store({ local: false }), clock: fast, ttl: '1s' })
  const b = createCache({ name: 'test', store: world.store({ wire: createWire() }), clock, ttl: '1s' })
  await clock.advance(900)
  fast.now = () => clock.now() + hour
  await a.set('k', 1)
  await clock.advance(1_001)
  expect(await b.get('k')).toBeUndefined()
})

test('an entry has the same times in every process, though clocks advance by fractions of a millisecond', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  let reads = 0
  const fine = { ...clock, monotonic: () => clock.monotonic() + 0.3 * reads++ }
  const a = createCache({ name: 'test', store: world.store({ wire: createWire() }), clock: fine, ttl: '1h' })
  const b = createCache({ name: 'test', store: world.store({ wire: createWire() }), clock, ttl: '1h' })
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`)
  for (const key of keys) {
    await a.set(key, 1)
    await b.get(key)
    await clock.advance(10)
  }
  const timesIn = (cache: typeof a) =>
    keys.map((key) => {
      const { createdAt, freshUntil } = cache.peek(key)!
      return { createdAt, freshUntil }
    })
  expect(timesIn(b)).toEqual(timesIn(a))
})

describe("the estimate of the log's clock", () => {
  const momentNow = (clock: ReturnType<typeof manualClock>) => ({
    wall: clock.now(),
    monotonic: clock.monotonic(),
  })

  test('counts from the moment of the question, however long the answer waited to be processed', async () => {
    const clock = manualClock()
    const logClock = createLogClock(clock, false)
    const asked = momentNow(clock)
    const answer = clock.now() + 5_000
    await clock.advance(400)
    logClock.adjust(answer, asked)
    expect(logClock.now()).toBe(clock.now() + 5_000)
    expect(logClock.earliestTime(momentNow(clock))).toBe(clock.now() + 4_600)
  })

  test('keeps what a fast answer told, unless a slow one contradicts it', async () => {
    const clock = manualClock()
    const logClock = createLogClock(clock, false)
    logClock.adjust(clock.now() + 5_000, momentNow(clock))
    const asked = momentNow(clock)
    await clock.advance(400)
    logClock.adjust(clock.now() + 4_900, asked)
    expect(logClock.now()).toBe(clock.now() + 5_000)
    logClock.adjust(clock.now() + 9_000, asked)
    expect(logClock.now()).toBe(clock.now() + 9_400)
  })
})
