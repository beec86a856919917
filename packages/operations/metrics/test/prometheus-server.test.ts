// needs: redis, prometheus
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPrometheus, startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules, prometheusMetrics } from '../src/index'
import { exerciseCache, openCache } from './support/busy-cache'

/** Twenty times as fast: two minutes of an outage take six seconds. */
const rules = alertRules({ timeScale: 0.05 })
const ruleCount = rules.groups.flatMap(({ rules }) => rules).length

test('a Prometheus server scrapes the metrics, evaluates every rule, and raises alerts when Redis is down', async () => {
  await using redis = await startRedis()
  await using cache = await openCache('scraped', redis.url)
  const metrics = prometheusMetrics(cache)
  const server = createServer((_, res) =>
    res.setHeader('content-type', metrics.contentType).end(metrics.text()),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  await using scraper = await startPrometheus([(server.address() as AddressInfo).port], stringify(rules))
  await exerciseCache(cache)
  const { misses } = cache.stats()
  await until('the misses are scraped', async () =>
    (await scraper.query('sum(cache_requests_total{cache_result="miss"})')).includes(misses),
  )
  await until('every rule is evaluated', async () => {
    const states = await scraper.rules()
    return states.length === ruleCount && states.every(({ health }) => health === 'ok')
  })
  expect((await scraper.rules()).filter(({ state }) => state === 'firing')).toEqual([])
  await redis.kill()
  const isPending = async () => {
    await cache.get('gone')
    const states = await scraper.rules()
    return states.some(({ name, state }) => name === 'LarderCircuitOpen' && state !== 'inactive')
  }
  await until('the alert for the open circuit is raised', isPending)
  await until('the alert for the lag is raised', async () =>
    (await scraper.rules()).some(({ name, state }) => name === 'LarderNotCurrent' && state !== 'inactive'),
  )
  server.closeAllConnections()
  server.close()
})
