import { expect, test } from 'vitest'
import { type Cache, type CacheEvents, createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

/** Two processes on one log, and the `apply` events of the first. */
async function openTwo() {
  const clock = manualClock()
  const world = createWorld(clock)
  const wire = createWire()
  const open = (options = {}) => createCache({ name: 'test', store: world.store(options), clock })
  const other = open()
  await other.invalidate('before')
  const cache = open({ wire })
  const events: CacheEvents['apply'][] = []
  cache.on('apply', (event) => events.push(event))
  await clock.advance(1_000)
  return { clock, wire, cache, other, events }
}

const namesOf = (events: readonly CacheEvents['apply'][]) =>
  events.flatMap(({ invalidations }) => invalidations.map(({ name }) => name))

test('an invalidation of another process is one apply event, and what the log held before causes none', async () => {
  const { cache, other, events } = await openTwo()
  await other.invalidate('prices')
  expect(events).toMatchObject([
    { records: 1, invalidations: [{ scope: 'tag', mode: 'hard', name: 'prices' }] },
  ])
  expect(cache.stats().follows).toBe(1)
})

test('own invalidations cause no apply event, although the log pushes them before it answers the call', async () => {
  const { clock, cache, events } = await openTwo()
  await Promise.all([cache.invalidate('a'), cache.invalidate('b'), cache.delete('k')])
  await clock.advance(5_000)
  expect(events).toEqual([])
})

test('one that is not pushed is an event once it is polled', async () => {
  const { clock, wire, other, events } = await openTwo()
  wire.isDeaf = true
  await other.invalidate('prices')
  expect(events).toEqual([])
  await clock.advance(5_000)
  expect(namesOf(events)).toEqual(['prices'])
  expect(events[0]?.delay).toBeGreaterThan(0)
})

test('one that comes with the answer to an own invalidation is an event without it', async () => {
  const { clock, wire, cache, other, events } = await openTwo()
  wire.isDeaf = true
  await other.invalidate('prices')
  await cache.invalidate('stock')
  await clock.advance(5_000)
  expect(namesOf(events)).toEqual(['prices'])
})

test('one that is pushed while an own invalidation is under way is an event as well', async () => {
  const { clock, cache, other, events } = await openTwo()
  const invalidate = (process: Cache, tag: string) => process.invalidate(tag)
  await Promise.all([invalidate(cache, 'stock'), invalidate(other, 'prices'), invalidate(cache, 'stock')])
  await clock.advance(5_000)
  expect(namesOf(events)).toEqual(['prices'])
})
