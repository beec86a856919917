import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { InvalidationLog } from '../src/contracts/log'
import { createCache, type OpenStore, type Store } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `name ${index}`)

/** A store whose log is replaced in part. */
function withLog(store: Store, alter: (log: InvalidationLog) => Partial<InvalidationLog>): Store {
  return {
    open(context) {
      const opened = store.open(context)
      return { ...opened, log: opened.log && { ...opened.log, ...alter(opened.log) } } as OpenStore
    },
  }
}

/** A log that takes `latency` ms per call of a thousand names, and hangs while it is cut. */
function createSubject(latency: number) {
  const clock = manualClock()
  const world = createWorld(clock)
  const sizes: number[] = []
  const link = { isCut: false }
  const store = withLog(world.store(), (log) => ({
    async append(invalidations, after) {
      if (link.isCut) return new Promise(() => undefined)
      sizes.push(invalidations.length)
      await new Promise<void>((resolve) => clock.timeout((latency * invalidations.length) / 1_000, resolve))
      return log.append(invalidations, after)
    },
  }))
  const cache = createCache({ name: 'test', store, clock, storeTimeout: 100, syncInterval: 500 })
  return { clock, cache, sizes, link }
}

describe('an invalidation of many names', () => {
  test('is applied, whatever its size: each part has its own timeout', async () => {
    const { clock, cache, sizes } = createSubject(90)
    await clock.advance(1_000)
    const invalidation = cache.invalidate(namesOf(9_500))
    let isDone = false
    void invalidation.then(() => {
      isDone = true
    })
    // Other work has its turn after each thousand names, which takes none of the clock's time.
    while (!isDone) {
      await clock.advance(90)
      await setImmediate()
    }
    expect(await invalidation).toMatchObject({ outcome: 'applied' })
    expect(sizes).toEqual([...new Array(9).fill(1_000), 500])
  })

  test('repeats only the parts that the log did not confirm', async () => {
    const { clock, cache, sizes, link } = createSubject(90)
    await clock.advance(1_000)
    const outcome = cache.invalidate(namesOf(5_000))
    await clock.advance(200)
    link.isCut = true
    await clock.advance(300)
    expect((await outcome).outcome).toBe('queued')
    link.isCut = false
    await clock.advance(2_000)
    expect(cache.stats().outbox).toBe(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5_000)
  })
})

test('a value that is computed while thousands of names come into force is not served, if one of them ends what it is made of', async () => {
  const clock = manualClock()
  const wire = createWire()
  const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire }), clock })
  await clock.advance(1_000)
  let row = 'old'
  const readPage = () =>
    cache.getOrCompute('page', () => cache.getOrCompute('row', () => row, { tags: ['last'] }))
  await cache.getOrCompute('row', () => row, { tags: ['last'] })
  wire.mode = 'fail'
  row = 'new'
  const invalidated = cache.invalidate([...namesOf(1_500), 'last'])
  expect(await readPage()).toBe('old')
  expect((await invalidated).outcome).toBe('queued')
  expect(await readPage()).toBe('new')
})

test('values of many keys are written slice by slice, each at a position of its own', async () => {
  const { clock, cache, sizes } = createSubject(90)
  await clock.advance(1_000)
  const values = namesOf(3_000).map((name) => [name, name] as const)
  const outcome = cache.setMany(values)
  await clock.advance(1_000)
  expect(await outcome).toMatchObject({ outcome: 'applied' })
  expect(sizes).toEqual([1_000, 1_000, 1_000])
  expect(await cache.getMany(['name 0', 'name 2999'])).toEqual(['name 0', 'name 2999'])
})

test('an outbox that became one invalidation of everything leaves no name invalidated once that has arrived', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const wire = createWire()
  const options = { name: 'test', clock, maxOutbox: 5 }
  const cutOff = createCache({ ...options, store: world.store({ wire, local: false }) })
  const other = createCache({ ...options, store: world.store({ local: false }) })
  await clock.advance(1_000)
  wire.mode = 'fail'
  expect((await cutOff.deleteMany(namesOf(10))).outcome).toBe('queued')
  expect((await cutOff.invalidate('tag', { mode: 'soft' })).outcome).toBe('queued')
  wire.mode = 'work'
  await clock.advance(3_000)
  expect(cutOff.stats().outbox).toBe(0)
  await other.getOrCompute('name 3', () => 'new', { tags: ['tag'] })
  await flushPromises()
  expect(await cutOff.getOrCompute('name 3', () => 'computed again', { tags: ['tag'] })).toBe('new')
})
