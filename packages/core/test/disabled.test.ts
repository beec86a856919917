import { expect, test, vi } from 'vitest'
import { createCache, type Store } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const disabled = (store: Store = mapStore()) =>
  createCache({ name: 'test', store, clock: manualClock(), enabled: false })

test('a disabled cache runs the function of every caller', async () => {
  const cache = disabled()
  const compute = vi.fn(async () => 1)
  await Promise.all([cache.getOrCompute('k', compute), cache.getOrCompute('k', compute)])
  await cache.wrap(compute, { name: 'one' })()
  expect(compute).toHaveBeenCalledTimes(3)
  const computeMany = vi.fn(async (keys: readonly string[]) => keys)
  const many = () => cache.getManyOrCompute(['a', 'b'], computeMany)
  expect(await Promise.all([many(), many()])).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
  expect(computeMany).toHaveBeenCalledTimes(2)
})

test('a disabled cache stores nothing and otherwise behaves like an empty cache', async () => {
  const cache = disabled()
  expect(cache.enabled).toBe(false)
  expect((await cache.set('k', 1)).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
  expect((await cache.invalidate('t')).outcome).toBe('applied')
  expect(await cache.keys()).toEqual({ keys: [], cursor: undefined })
  expect((await cache.explain('k')).reason).toBe('absent')
  await cache.close()
})

test('a disabled cache issues its invalidations and leaves key records on the log', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const enabled = createCache({ name: 'test', store: world.store(), clock, ttl: '1d' })
  const off = createCache({ name: 'test', store: world.store(), clock, enabled: false })
  await clock.advance(1_000)
  for (const key of ['a', 'b']) await enabled.set(key, 1, { tags: [`tag of ${key}`] })
  await off.invalidate('tag of a')
  await off.delete('b')
  await clock.advance(1_000)
  expect(await enabled.getMany(['a', 'b'])).toEqual([undefined, undefined])
  await clock.advance(2 * 3_600_000)
  const later = createCache({ name: 'test', store: world.store(), clock })
  await clock.advance(1_000)
  expect(await later.getMany(['a', 'b'])).toEqual([undefined, undefined])
  expect(await off.get('b')).toBeUndefined()
})
