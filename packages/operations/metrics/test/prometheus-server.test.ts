import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPrometheus, startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules, prometheusMetrics } from '../src/index'
import { exercise, openCache } from './support/busy-cache'

test('a real Prometheus scrapes the metrics, evaluates every rule, and sees a store that is away', async () => {
  await using redis = await startRedis()
  await using cache = await openCache('scraped', redis.url)
  const metrics = prometheusMetrics(cache)
  const server = createServer((_, res) =>
    res.setHeader('content-type', metrics.contentType).end(metrics.text()),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  await using scraper = await startPrometheus((server.address() as AddressInfo).port, stringify(alertRules()))
  await exercise(cache)
  const { misses } = cache.stats()
  await until('the misses are there', async () =>
    (await scraper.query('cache_requests_total{cache_result="miss"}')).includes(misses),
  )
  await until('every rule was evaluated', async () => {
    const all = await scraper.rules()
    return all.length === 13 && all.every(({ health }) => health === 'ok')
  })
  expect((await scraper.rules()).filter(({ state }) => state === 'firing')).toEqual([])
  await redis.kill()
  const isPending = async () => {
    await cache.get('gone')
    const all = await scraper.rules()
    return all.some(({ name, state }) => name === 'LarderCircuitOpen' && state !== 'inactive')
  }
  await until('the open circuit is noticed', isPending)
  await until('the lag is noticed', async () =>
    (await scraper.rules()).some(({ name, state }) => name === 'LarderNotCurrent' && state !== 'inactive'),
  )
  server.closeAllConnections()
  server.close()
}, 120_000)
