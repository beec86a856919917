// needs: prometheus
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { startPrometheus, until } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../src/guide/database'
import { serveOperatedGuide } from '../src/operate/operated-guide'

const rules = createRequire(import.meta.url).resolve('@larder/metrics/rules.yml')

let database: Awaited<ReturnType<typeof openDatabase>>
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

test('a real Prometheus scrapes the operated guide, and no alert fires', async () => {
  const serving = await serveOperatedGuide(database.query)
  await using prometheus = await startPrometheus([serving.port], readFileSync(rules, 'utf8'))
  const get = (path: string) => fetch(`http://127.0.0.1:${serving.port}${path}`)
  for (let at = 0; at < 10; at += 1) await get('/cities/7')
  await until('the hits are there', async () => {
    const [hits = 0] = await prometheus.query(
      'sum(cache_requests_total{cache_name="guide",cache_result="hit"})',
    )
    return hits >= 9
  })
  await until('every rule was evaluated', async () => {
    const evaluated = await prometheus.rules()
    return evaluated.length > 10 && evaluated.every(({ health }) => health === 'ok')
  })
  expect((await prometheus.rules()).filter(({ state }) => state === 'firing')).toEqual([])
  await serving.close()
})

test('the guide is warm before it listens, and can be operated', async () => {
  const serving = await serveOperatedGuide(database.query)
  const get = (path: string) => fetch(`http://127.0.0.1:${serving.port}${path}`)
  const stats = (await (await get('/larder/stats')).json()) as { name: string; usage: { entries: number } }
  expect(stats.name).toBe('guide')
  expect(stats.usage.entries).toBeGreaterThanOrEqual(100)
  expect(await (await get('/larder')).text()).toContain('<title>Larder</title>')
  await serving.close()
})
