import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { mapStore } from './support/map-tier'

const createTestCache = () => createCache({ name: 'test', store: mapStore(), ttl: '1m' })

beforeEach(() => {
  // As Jest and Sinon do; here `nextTick` cannot be replaced.
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('many keys are computed while timers and microtasks of the test stand still', async () => {
  const cache = createTestCache()
  expect(await cache.getManyOrCompute(['a', 'b'], (keys) => keys)).toEqual(['a', 'b'])
  const load = cache.loader(async (keys) => keys)
  expect(await Promise.all([load('c'), load('d')])).toEqual(['c', 'd'])
})

test('work that gives way to others goes on while timers of the test stand still', async () => {
  const cache = createTestCache()
  const keys = Array.from({ length: 3_000 }, (_, index) => `key ${index}`)
  await cache.setMany(keys.map((key) => [key, 1]))
  await cache.deleteMany(keys)
  expect(await cache.has('key 0')).toBe(false)
})

test('a value expires when the test advances its timers', async () => {
  const cache = createTestCache()
  await cache.set('k', 1)
  vi.advanceTimersByTime(61_000)
  expect(await cache.get('k')).toBeUndefined()
})
