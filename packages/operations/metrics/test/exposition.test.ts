// needs: redis, prometheus
import { createCache, instruments } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { provideRedis, until } from '@larder/servers'
import { type OpenMetricsContentType, Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metricName } from '../src/exposition/prometheus-names'
import { prometheusMetrics } from '../src/index'
import { exerciseCache, openCache } from './support/busy-cache'
import { runPromtool } from './support/promtool'

const server = provideRedis(beforeAll, afterAll)
test('a busy cache has a value for every metric that core records, and promtool accepts the text', async () => {
  await server.command('CONFIG', 'SET', 'maxmemory', '100mb')
  await using cache = await openCache('busy', server.url)
  await using other = await openCache('busy', server.url)
  const metrics = prometheusMetrics(cache)
  await exerciseCache(cache)
  await other.invalidate('all')
  await until('the invalidation is applied', () => cache.stats().follows > 0)
  const text = metrics.text()
  for (const instrument of instruments)
    expect(text).toMatch(new RegExp(`^${metricName(instrument)}(_bucket|_sum|_count)?\\{`, 'm'))
  expect(text).toContain(
    'cache_requests_total{cache_name="busy",cache_function="load",cache_result="hit",cache_tier="memory"} 1',
  )
  expect(await runPromtool(['check', 'metrics'], { input: text })).toBe('')
})

test('the buckets of a histogram are cumulative', async () => {
  const cache = createCache({ name: 'h', store: memoryStore() })
  const metrics = prometheusMetrics(cache)
  for (let index = 0; index < 3; index += 1) await cache.getOrCompute(`${index}`, () => index)
  const lines = metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith('cache_compute_duration_seconds'))
  const buckets = lines.filter((line) => line.includes('_bucket')).map((line) => Number(line.split(' ')[1]))
  expect(buckets).toEqual([...buckets].sort((a, b) => a - b))
  expect(buckets.at(-1)).toBe(3)
  expect(lines).toContain('cache_compute_duration_seconds_count{cache_name="h",cache_outcome="value"} 3')
})

test('the metrics of several caches are labelled with their names, whatever characters those contain', () => {
  const names = ['one', 'a "quoted" \\ name\nin two lines']
  const caches = names.map((name) => createCache({ name, store: memoryStore() }))
  const text = prometheusMetrics(...caches).text()
  expect(text).toContain('cache_joins_total{cache_name="one"} 0')
  expect(text).toContain('cache_joins_total{cache_name="a \\"quoted\\" \\\\ name\\nin two lines"} 0')
})

test('a prom-client registry in OpenMetrics mode gives the counters their own names', async () => {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const cache = createCache({ name: 'open', store: memoryStore() })
  prometheusMetrics(cache).registerTo(registry as never)
  const text = await registry.metrics()
  expect(text).toContain('\ncache_joins_total{cache_name="open"} 0')
  expect(text).not.toContain('_total_total')
})

test('a prom-client registry exposes the metrics until they are closed', async () => {
  const cache = createCache({ name: 'p', store: memoryStore() })
  const registry = new Registry()
  const metrics = prometheusMetrics(cache)
  metrics.registerTo(registry)
  await cache.getOrCompute('k', () => 1)
  const exposed = await registry.metrics()
  const expected = metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith('cache_'))
    .sort()
  expect(
    exposed
      .split('\n')
      .filter((line) => line.startsWith('cache_'))
      .sort(),
  ).toEqual(expected)
  expect(() => prometheusMetrics(cache).registerTo(registry)).toThrow(
    'Pass all caches and services to one call',
  )
  metrics.close()
  expect(await registry.metrics()).not.toContain('cache_')
})

test('closed metrics no longer listen to the cache', async () => {
  const cache = createCache({ name: 'c', store: memoryStore() })
  const metrics = prometheusMetrics(cache)
  metrics.close()
  await cache.getOrCompute('k', () => 1)
  expect(metrics.text()).not.toContain('cache_compute_duration_seconds_count')
})
