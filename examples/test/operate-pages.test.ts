import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminHandler } from '@larder/admin'
import { createCache, instruments } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { alertRules, grafanaDashboard, prometheusMetrics } from '@larder/metrics'
import { createLocalRateLimiter } from '@larder/rate-limit'
import { operations as limits } from '@larder/rate-limit/operations'
import { createLocalSessions } from '@larder/sessions'
import { operations as sessions } from '@larder/sessions/operations'
import { expect, test } from 'vitest'
import { root } from './pages'

const page = (name: string) => readFileSync(join(root, 'docs/operate', name), 'utf8')
const cache = createCache({ name: 'shop', store: memoryStore() })

test('the runbook has a section for every alert, and every alert leads to its section', () => {
  const headings = [...page('runbook.md').matchAll(/^## (\w+)$/gm)].map(([, heading = '']) => heading)
  const shipped = readFileSync(join(root, 'packages/operations/metrics/monitoring/rules.yml'), 'utf8')
  const alerts = [...shipped.matchAll(/- alert: (\w+)/g)].map(([, alert = '']) => alert)
  const ofServices = [limits, sessions].flatMap((operations) => operations.alerts.map(({ name }) => name))
  expect(headings).toEqual([...alerts, ...ofServices])
  const urls = [...shipped.matchAll(/runbook_url: (.*)/g)].map(([, url]) => url)
  const runbook = /^https:\/\/.*\/docs\/operate\/runbook\.md#(.*)$/
  expect(urls.map((url) => runbook.exec(url ?? '')?.[1])).toEqual(alerts.map((alert) => alert.toLowerCase()))
})

test('the page about monitoring lists every metric and every alert', () => {
  const text = page('monitoring.md')
  const prometheus = prometheusMetrics(cache)
    .text()
    .matchAll(/^# TYPE (\w+)/gm)
  const alerts = JSON.stringify(alertRules()).matchAll(/"alert":"(\w+)"/g)
  const names = [
    ...instruments.map(({ name }) => name),
    ...[...prometheus].map(([, name]) => name),
    ...[...alerts].map(([, name]) => name),
  ]
  expect(names.length).toBeGreaterThan(50)
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('the runbook and the dashboard query every metric of the services by the names that Prometheus has', () => {
  const policies = [{ name: 'per-minute', limit: 1, window: '1m' }] as const
  const services = [createLocalRateLimiter({ policies }).service, createLocalSessions().service]
  const exposed = prometheusMetrics(...services)
    .text()
    .matchAll(/^# TYPE (\w+)/gm)
  const names = [...exposed].map(([, name = '']) => name)
  expect(names).toHaveLength(8)
  const dashboard = JSON.stringify(grafanaDashboard({ services: [limits, sessions] }))
  for (const text of [page('runbook.md'), dashboard])
    expect(names.filter((name) => !new RegExp(`\\b${name}(_bucket)?\\b`).test(text))).toEqual([])
})

test('the page about the admin API lists every resource', async () => {
  const handle = adminHandler({ caches: cache, authorize: () => true })
  const answer = await handle(new Request('http://app.example/openapi.json'))
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> }
  const resources = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `\`${method.toUpperCase()} ${path}\``),
  )
  expect(resources.length).toBeGreaterThan(10)
  const text = page('admin.md')
  expect(resources.filter((resource) => !text.includes(resource))).toEqual([])
})
