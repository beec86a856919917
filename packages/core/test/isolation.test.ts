import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const stores = {
  memory: () => mapStore(),
  shared: (clock: ReturnType<typeof manualClock>) => createWorld(clock).store({ local: false }),
  tiered: (clock: ReturnType<typeof manualClock>) => createWorld(clock).store(),
}

describe.each(Object.entries(stores))('with a %s store', (_, store) => {
  async function subject() {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: store(clock), clock })
    await clock.advance(1_000)
    return cache
  }

  test('changing a returned value does not change it for other readers', async () => {
    const cache = await subject()
    const make = () => ({
      name: 'original',
      list: [1, 2],
      when: new Date(0),
      map: new Map([['a', { n: 1 }]]),
    })
    const first = await cache.getOrCompute('k', make)
    first.name = 'changed'
    first.list.push(3)
    first.when.setFullYear(1999)
    first.map.get('a')!.n = 2
    for (let at = 0; at < 2; at += 1) {
      const next = await cache.getOrCompute('k', make)
      expect(next).toEqual(make())
      next.list.length = 0
    }
  })

  test('changing a value after it was computed or set does not change the cached one', async () => {
    const cache = await subject()
    const own = { list: [1] }
    await cache.getOrCompute('computed', () => own)
    await cache.set('set', own)
    own.list.push(2)
    expect(await cache.get('computed')).toEqual({ list: [1] })
    expect(await cache.get('set')).toEqual({ list: [1] })
  })

  test('callers that share a computation get copies of their own', async () => {
    const cache = await subject()
    const source = blockedComputation({ list: [1] })
    const callers = [1, 2].map(() => cache.getOrCompute('k', source.compute))
    await source.release()
    const [first, second] = await Promise.all(callers)
    first!.list.push(2)
    expect(second).toEqual({ list: [1] })
  })
})

test('isolate: false returns the same object to all readers', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock(), isolate: false })
  const own = { n: 1 }
  expect(await cache.getOrCompute('k', () => own)).toBe(own)
  expect(await cache.get('k')).toBe(own)
})

test('isolate: false of one call applies to its value only', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const own = { n: 1 }
  expect(await cache.getOrCompute('shared', () => own, { isolate: false })).toBe(own)
  expect(await cache.get('shared')).toBe(own)
  expect(await cache.getOrCompute('copied', () => own)).not.toBe(own)
})
