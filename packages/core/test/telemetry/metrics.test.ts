import { metrics } from '@opentelemetry/api'
import type { MetricData } from '@opentelemetry/sdk-metrics'
import { afterEach, expect, test } from 'vitest'
import { createCache, exportMetrics } from '../../src/index'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'
import { startMetrics, stopTelemetry } from '../support/open-telemetry'
import { createWorld } from '../support/world'

const cacheWith = (clock = manualClock(), name = 'test') =>
  createCache({ name, store: mapStore(), clock, telemetry: { metrics } })

/** The values of a metric with their attributes, without the name of the cache. */
function pointsOf(metric: MetricData | undefined) {
  return metric?.dataPoints.map(({ attributes: { 'cache.name': _name, ...others }, value }) => [
    value,
    others,
  ])
}

afterEach(stopTelemetry)

test('metrics equal the counters', async () => {
  const collect = startMetrics()
  const cache = cacheWith()
  await cache.getOrCompute('a', () => 1)
  await cache.getOrCompute('b', () => 2)
  await cache.getOrCompute('a', () => 1)
  await cache.invalidate('t')
  const found = await collect()
  expect(pointsOf(found.get('cache.requests'))).toEqual([
    [1, { 'cache.function': '*', 'cache.result': 'hit', 'cache.tier': 'map' }],
    [0, { 'cache.function': '*', 'cache.result': 'stale' }],
    [2, { 'cache.function': '*', 'cache.result': 'miss', 'cache.reason': 'absent' }],
  ])
  const stored = { 'cache.function': '*', 'cache.outcome': 'stored' }
  expect(pointsOf(found.get('cache.fills'))).toContainEqual([2, stored])
  expect(pointsOf(found.get('cache.invalidations'))).toContainEqual([1, { 'cache.outcome': 'applied' }])
  expect(pointsOf(found.get('cache.entries'))).toEqual([[2, {}]])
  expect(pointsOf(found.get('cache.memory.usage'))).toEqual([[200, {}]])
  expect(pointsOf(found.get('cache.memory.limit'))).toEqual([[100_000, {}]])
  expect(pointsOf(found.get('cache.outbox.size'))).toEqual([[0, {}]])
})

test('one snapshot of the stats serves all instruments of a collection', async () => {
  const collect = startMetrics()
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  let snapshots = 0
  const stats = () => {
    snapshots += 1
    return cache.stats()
  }
  const stopExporting = exportMetrics({ name: cache.name, stats, on: cache.on }, metrics)
  await collect()
  expect(snapshots).toBe(1)
  await cache.getOrCompute('k', () => 1)
  const missed = { 'cache.function': '*', 'cache.result': 'miss', 'cache.reason': 'absent' }
  expect(pointsOf((await collect()).get('cache.requests'))).toContainEqual([1, missed])
  expect(snapshots).toBe(2)
  stopExporting()
})

test('counters are cumulative across collections', async () => {
  const collect = startMetrics()
  const cache = cacheWith()
  await cache.getOrCompute('k', () => 1)
  await collect()
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  const requests = (await collect()).get('cache.requests')
  const hit = { 'cache.function': '*', 'cache.result': 'hit', 'cache.tier': 'map' }
  expect(pointsOf(requests)).toContainEqual([2, hit])
})

test('computations are measured in seconds', async () => {
  const collect = startMetrics()
  const clock = manualClock()
  const computed = cacheWith(clock).getOrCompute(
    'k',
    () => new Promise((resolve) => void clock.timeout(250, () => resolve(1))),
  )
  await clock.advance(250)
  await computed
  const metric = (await collect()).get('cache.compute.duration')
  expect(metric?.descriptor.unit).toBe('s')
  expect(pointsOf(metric)).toEqual([
    [expect.objectContaining({ count: 1, sum: 0.25 }), { 'cache.outcome': 'value' }],
  ])
})

test('calls of shared stores are measured with their outcome', async () => {
  const collect = startMetrics()
  const clock = manualClock()
  const own = { mode: 'work' as 'work' | 'fail', isDeaf: false, calls: {} }
  const store = createWorld(clock).store({ local: false, wire: own })
  const cache = createCache({ name: 'test', store, clock, telemetry: { metrics } })
  await clock.advance(1_000)
  await cache.get('k')
  own.mode = 'fail'
  await cache.get('k')
  const gets = pointsOf((await collect()).get('cache.store.duration'))?.filter(
    ([, attributes]) => (attributes as Record<string, unknown>)['cache.operation'] === 'get',
  )
  const outcomes = gets?.map(([, attributes]) => (attributes as Record<string, unknown>)['cache.outcome'])
  expect(outcomes).toEqual(['ok', 'error'])
  await cache.close()
})

test('no label contains a key, a tag or an error message', async () => {
  const collect = startMetrics()
  const clock = manualClock()
  const cache = createCache({
    name: 'test',
    store: createWorld(clock).store(),
    clock,
    telemetry: { metrics },
  })
  await clock.advance(1_000)
  await cache.getOrCompute('secret-key', () => 1, { tags: ['secret-tag'] })
  await cache.set('secret-key', 2)
  await cache.delete('secret-key')
  await cache.invalidate('secret-tag')
  await cache
    .getOrCompute('secret-key', () => Promise.reject(new Error('secret-text')))
    .catch(() => undefined)
  const found = [...(await collect()).values()]
  expect(found.length).toBeGreaterThan(10)
  expect(JSON.stringify(found)).not.toContain('secret')
  await cache.close()
})

test('metrics are exported even if the SDK starts after the cache', async () => {
  const cache = cacheWith()
  await cache.getOrCompute('a', () => 1)
  const collect = startMetrics()
  await cache.getOrCompute('b', () => 1)
  const found = await collect()
  expect(pointsOf(found.get('cache.requests'))).toContainEqual([
    2,
    { 'cache.function': '*', 'cache.result': 'miss', 'cache.reason': 'absent' },
  ])
  expect(found.has('cache.compute.duration')).toBe(true)
})

test('metrics follow a change of the meter provider', async () => {
  const collectFirst = startMetrics()
  const cache = cacheWith()
  await cache.getOrCompute('a', () => 1)
  metrics.disable()
  const collectSecond = startMetrics()
  await cache.getOrCompute('b', () => 1)
  expect((await collectFirst()).has('cache.requests')).toBe(false)
  expect((await collectSecond()).has('cache.requests')).toBe(true)
})

test('metrics of several caches are distinguished by name', async () => {
  const collect = startMetrics()
  const [one, two] = [cacheWith(manualClock(), 'one'), cacheWith(manualClock(), 'two')]
  await one.getOrCompute('k', () => 1)
  await two.get('k')
  await two.get('k')
  const requests = (await collect()).get('cache.requests')
  const misses = requests?.dataPoints
    .filter(({ attributes }) => attributes['cache.result'] === 'miss')
    .map(({ attributes, value }) => [attributes['cache.name'], value])
  expect(misses).toEqual([
    ['one', 1],
    ['two', 2],
  ])
})

test('metrics end when the cache is closed', async () => {
  const collect = startMetrics()
  const cache = cacheWith()
  await cache.close()
  expect(await collect()).toEqual(new Map())
})
