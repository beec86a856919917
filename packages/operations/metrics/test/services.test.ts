// needs: prometheus
import type { MetricDefinition, Observe, Service, ServiceOperations } from '@larder/core'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules, grafanaDashboard, prometheusMetrics } from '../src/index'
import { runPromtool } from './support/promtool'

const opened = {
  kind: 'counter',
  name: 'gate.opened',
  unit: '{opening}',
  description: 'Openings of gates',
} as const
const duration = {
  kind: 'histogram',
  name: 'gate.duration',
  unit: 's',
  description: 'Time that a gate took',
} as const

/** A service that opens gates, with two openings so far. */
function createGate(name: string) {
  const recorders = new Set<Observe>()
  const service: Service = {
    kind: 'gate',
    name,
    instruments: [
      { ...opened, read: (observe) => observe(2, { 'gate.side': 'left' }) },
      {
        ...duration,
        bounds: [0.1, 1],
        listen(record) {
          recorders.add(record)
          return () => recorders.delete(record)
        },
      },
    ],
    resources: [],
  }
  const recordDuration: Observe = (value) => {
    for (const record of recorders) record(value)
  }
  return { service, recordDuration }
}

const operations: ServiceOperations = {
  kind: 'gate',
  title: 'Gates',
  metrics: [opened, duration] satisfies readonly MetricDefinition[],
  alerts: [
    {
      name: 'LarderGatesIdle',
      severity: 'warning',
      minutes: 5,
      summary: 'No gate of {{ $labels.gate_name }} opens.',
      description: 'Nobody comes through.',
      createQuery: ({ rateOf }) => `${rateOf('gate.opened', 5, '', ['gate_side'])} == 0`,
    },
  ],
  panels: [
    {
      title: 'Openings',
      description: 'How often gates open.',
      unit: 'ops',
      lines: [
        { legend: '{{gate_name}}', createQuery: ({ sumRate }) => sumRate('gate.opened', 'gate_name') },
        { legend: '95 %', createQuery: ({ quantileOf }) => quantileOf('gate.duration', 0.95) },
      ],
    },
  ],
  checks: [],
  inspect: async () => ({ data: {}, table: [] }),
}

test('the metrics of services are exposed with the label of their kind, and promtool accepts the text', async () => {
  const front = createGate('front')
  const back = createGate('back')
  const metrics = prometheusMetrics(front.service, back.service)
  front.recordDuration(0.5)
  const text = metrics.text()
  expect(text).toContain('gate_opened_total{gate_name="front",gate_side="left"} 2')
  expect(text).toContain('gate_opened_total{gate_name="back",gate_side="left"} 2')
  expect(text).toContain('gate_duration_seconds_bucket{gate_name="front",le="1"} 1')
  expect(text.match(/# TYPE gate_opened_total/g)).toHaveLength(1)
  expect(await runPromtool(['check', 'metrics'], { input: text })).toBe('')
})

test('closed metrics no longer listen to a service', () => {
  const { service, recordDuration } = createGate('front')
  const metrics = prometheusMetrics(service)
  metrics.close()
  recordDuration(0.5)
  expect(metrics.text()).not.toContain('gate_duration_seconds_count')
})

test('the alerts of a service are a group of their own, and promtool accepts it', async () => {
  const file = alertRules({ services: [operations], runbook: 'https://wiki.example/run' })
  const group = file.groups.find(({ name }) => name === 'larder.gate')
  expect(group?.rules).toMatchObject([
    {
      alert: 'LarderGatesIdle',
      expr: 'sum without (instance, pod, node, gate_side) (rate(gate_opened_total[300s])) == 0',
      for: '300s',
      labels: { severity: 'warning' },
      annotations: { runbook_url: 'https://wiki.example/run#lardergatesidle' },
    },
  ])
  const files = { 'rules.yml': stringify(file, { lineWidth: 0 }) }
  expect(await runPromtool(['check', 'rules', 'rules.yml'], { files })).toContain('SUCCESS')
})

test('the panels of a service are a row of their own, for the chosen jobs and processes', () => {
  const panels = grafanaDashboard({ services: [operations] }).panels as {
    title: string
    targets?: { expr: string }[]
  }[]
  const row = panels.findIndex(({ title }) => title === 'Gates')
  expect(panels[row + 1]?.targets?.map(({ expr }) => expr)).toEqual([
    'sum by (gate_name) (rate(gate_opened_total{job=~"$job",instance=~"$instance"}[$__rate_interval]))',
    'histogram_quantile(0.95, sum by (le) (rate(gate_duration_seconds_bucket{job=~"$job",instance=~"$instance"}[$__rate_interval])))',
  ])
})

test('the panels of a service have names without units where those of the cache have', () => {
  const text = JSON.stringify(grafanaDashboard({ services: [operations], unitSuffixes: false }))
  expect(text).toContain('gate_duration_bucket')
  expect(text).not.toContain('_seconds')
})

test('a query of a service for a metric that it does not record is a mistake', () => {
  const misspelt: ServiceOperations = {
    ...operations,
    alerts: operations.alerts.map((alert) => ({
      ...alert,
      createQuery: ({ metric }) => metric('gate.open'),
    })),
  }
  expect(() => alertRules({ services: [misspelt] })).toThrow('Unknown metric "gate.open"')
})
