import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { endProcess, ensurePrograms, freePort, startProcess, temporaryFolder, until } from '@larder/programs'
import { startRedis } from '@larder/redis-servers'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules, prometheusMetrics } from '../src/index'
import { exercise, openCache } from './support/busy-cache'
import { prometheus } from './support/promtool'

/** A Prometheus that scrapes this port each second and evaluates the rules. */
async function startPrometheus(target: number) {
  await ensurePrograms(prometheus)
  const folder = temporaryFolder()
  const port = await freePort()
  writeFileSync(folder.file('rules.yml'), stringify(alertRules()))
  writeFileSync(
    folder.file('prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
    }),
  )
  const args = [
    `--config.file=${folder.file('prometheus.yml')}`,
    `--storage.tsdb.path=${folder.file('data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const child = startProcess('prometheus', args, folder.file('prometheus.log'))
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    return ((await response.json()) as { data: never }).data
  }
  return {
    /** The values of an expression. */
    async query(expr: string): Promise<number[]> {
      const { result } = (await ask(`query?query=${encodeURIComponent(expr)}`)) as {
        result: { value: [number, string] }[]
      }
      return result.map(({ value }) => Number(value[1]))
    },
    rules: async () =>
      (
        (await ask('rules')) as { groups: { rules: { name: string; health: string; state?: string }[] }[] }
      ).groups.flatMap(({ rules }) => rules),
    async [Symbol.asyncDispose]() {
      await endProcess(child)
      folder.remove()
    },
  }
}

test('a real Prometheus scrapes the metrics, evaluates every rule, and sees a store that is away', async () => {
  await using redis = await startRedis()
  await using cache = await openCache('scraped', redis.url)
  const metrics = prometheusMetrics(cache)
  const server = createServer((_, res) =>
    res.setHeader('content-type', metrics.contentType).end(metrics.text()),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  await using scraper = await startPrometheus((server.address() as AddressInfo).port)
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
