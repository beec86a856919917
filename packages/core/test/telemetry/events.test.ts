import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, test, vi } from 'vitest'
import { createCache } from '../../src/index'
import { createEmitter } from '../../src/telemetry/emitter'
import { manualClock, settle } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

test('listeners hear what the cache does, until they stop listening', async () => {
  const cache = cacheOf()
  const heard: string[] = []
  const offs = (['hit', 'miss', 'compute', 'fill', 'invalidate'] as const).map((name) =>
    cache.on(name, () => heard.push(name)),
  )
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.invalidate('t')
  expect(heard).toEqual(['compute', 'fill', 'miss', 'hit', 'invalidate'])
  for (const off of offs) off()
  await cache.getOrCompute('k', () => 1)
  expect(heard).toHaveLength(5)
})

test('diagnostics_channel hears the same, with the name of the cache', async () => {
  const messages: unknown[] = []
  const listener = (message: unknown) => messages.push(message)
  subscribe('larder:miss', listener)
  await cacheOf().getOrCompute('k', () => 1)
  unsubscribe('larder:miss', listener)
  expect(messages).toEqual([{ cache: 'test', key: 'k', reason: 'absent' }])
})

test('a listener that throws or rejects harms nobody, and is warned of once', async () => {
  const cache = cacheOf()
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  cache.on('miss', () => {
    throw new Error('broken')
  })
  cache.on('miss', async () => {
    throw new Error('broken later')
  })
  for (const key of ['a', 'b', 'c']) expect(await cache.getOrCompute(key, () => 1)).toBe(1)
  await settle()
  expect(warnings).toEqual([expect.stringContaining('broken'), expect.stringContaining('broken later')])
})

test('where nobody listens, nobody is told', () => {
  const emitter = createEmitter('test')
  expect(emitter.listens('hit')).toBe(false)
  const listener = vi.fn()
  const off = emitter.on('hit', listener)
  expect(emitter.listens('hit')).toBe(true)
  off()
  expect(emitter.listens('hit')).toBe(false)
})

test('stats count every read once', async () => {
  const cache = cacheOf()
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.get('k')
  await cache.get('missing')
  expect(cache.stats()).toMatchObject({
    hits: { map: 2 },
    misses: 2,
    hitRatio: 0.5,
    computes: { value: 1 },
    usage: { entries: 1 },
  })
})
