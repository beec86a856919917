import { describe, expect, test } from 'vitest'
import { createCache, type Store } from '../src/index'
import { batchPerTick } from '../src/storage/batch-per-tick'
import { alteredStore } from './support/altered-store'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

/** A store whose tier cannot be reset. */
function unresettable(store: Store): Store {
  const reset = () => {
    throw new Error('cannot be reset')
  }
  return alteredStore(store, () => ({ reset }))
}

function batcher(maxSize = 1_000) {
  const handed: string[][] = []
  return { handed, add: batchPerTick<string>(maxSize, (items) => handed.push([...items])) }
}

describe('the items of one tick', () => {
  test('are dispatched together, including those added by its promise jobs', async () => {
    const { handed, add } = batcher()
    add('a')
    add('b')
    void Promise.resolve().then(() => add('c'))
    await flushPromises()
    add('of the next turn')
    await flushPromises()
    expect(handed).toEqual([['a', 'b', 'c'], ['of the next turn']])
  })

  test('are dispatched in batches of the maximum size', async () => {
    const { handed, add } = batcher(2)
    for (const item of ['a', 'b', 'c', 'd', 'e']) add(item)
    await flushPromises()
    expect(handed).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })
})

describe('reads of one key each, in one tick', () => {
  test('are one call for the policy of their tier, and each gets its own value', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const writer = createCache({ name: 'test', store: world.store(), clock })
    const reader = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    const keys = ['a', 'b', 'c']
    await Promise.all(keys.map((key) => writer.set(key, `value of ${key}`)))
    const calls: string[] = []
    reader.on('store', ({ operation }) => calls.push(operation))
    expect(await Promise.all(keys.map((key) => reader.getOrCompute(key, () => 'computed')))).toEqual(
      keys.map((key) => `value of ${key}`),
    )
    expect(calls.filter((operation) => operation === 'get')).toHaveLength(1)
    await Promise.all([writer.close(), reader.close()])
  })

  test('count as one failure if the tier stalls, however many they are', async () => {
    const clock = manualClock()
    const own = createWire()
    const store = createWorld(clock).store({ wire: own })
    const cache = createCache({ name: 'test', store, clock, circuitPause: '1h' })
    await clock.advance(1_000)
    own.mode = 'hang'
    const keys = Array.from({ length: 200 }, (_, at) => `k${at}`)
    const values = Promise.all(keys.map((key) => cache.getOrCompute(key, () => 'computed')))
    await clock.advance(250)
    expect(cache.stats().circuits).toContainEqual({ name: 'world (entries)', state: 'closed' })
    own.mode = 'work'
    await clock.advance(1_000)
    expect(new Set(await values)).toEqual(new Set(['computed']))
    await cache.close()
  })

  test('are split into several commands, so that the first are served while the others are fetched', async () => {
    const clock = manualClock()
    const own = createWire()
    const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire: own }), clock })
    await clock.advance(1_000)
    const keys = Array.from({ length: 64 }, (_, at) => `k${at}`)
    await Promise.all(keys.map((key) => cache.getOrCompute(key, () => 'computed')))
    expect(own.calls.get).toBe(2)
    await cache.close()
  })

  test('do not wait for a read whose answer resets the tier', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const writer = createCache({ name: 'test', store: world.store(), clock })
    const reader = createCache({ name: 'test', store: unresettable(world.store()), clock })
    await clock.advance(1_000)
    await Promise.all(['a', 'b', 'c'].map((key) => writer.set(key, `value of ${key}`)))
    world.entries.set('a', world.entries.get('c')!)
    const values = ['a', 'b'].map((key) => reader.getOrCompute(key, () => 'computed'))
    expect(await Promise.all(values)).toEqual(['computed', 'value of b'])
    await Promise.all([writer.close(), reader.close()])
  })
})
