import { expect, test, vi } from 'vitest'
import { createCache, type Store } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const disabled = (store: Store = mapStore()) =>
  createCache({ name: 'test', store, clock: manualClock(), enabled: false })

test('a cache that is not enabled runs every function, and each caller its own', async () => {
  const cache = disabled()
  const compute = vi.fn(async () => 1)
  await Promise.all([cache.getOrCompute('k', compute), cache.getOrCompute('k', compute)])
  await cache.wrap(compute, { name: 'one' })()
  expect(compute).toHaveBeenCalledTimes(3)
  expect(await cache.getManyOrCompute(['a', 'b'], async (keys) => keys)).toEqual(['a', 'b'])
})

test('keeps nothing, and answers everything else as an empty cache does', async () => {
  const cache = disabled()
  expect((await cache.set('k', 1)).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
  expect((await cache.invalidate('t')).outcome).toBe('applied')
  expect(await cache.keys()).toEqual({ keys: [], cursor: undefined })
  expect((await cache.explain('k')).reason).toBe('absent')
  await cache.close()
})

test('leaves its store alone', async () => {
  const open = vi.fn()
  await disabled({ open }).getOrCompute('k', () => 1)
  expect(open).not.toHaveBeenCalled()
})
