import { metrics } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { exportMetrics, type Observe, type Service } from '../../src/index'
import { startMetrics, stopTelemetry } from '../support/open-telemetry'

afterEach(stopTelemetry)

/** A service with a metric of each kind. */
function createService() {
  let record: Observe = () => undefined
  const define = (name: string, unit: string) => ({ name, unit, description: name })
  const service: Service = {
    kind: 'queue',
    name: 'mails',
    instruments: [
      {
        ...define('queue.jobs', '{job}'),
        kind: 'counter',
        read: (observe) => observe(7, { 'queue.result': 'done' }),
      },
      { ...define('queue.length', '{job}'), kind: 'gauge', read: (observe) => observe(3) },
      {
        ...define('queue.duration', 's'),
        kind: 'histogram',
        bounds: [0.1, 1],
        listen(receiver) {
          record = receiver
          return () => {
            record = () => undefined
          }
        },
      },
    ],
    resources: [],
  }
  return { service, record: (seconds: number) => record(seconds, { 'queue.operation': 'send' }) }
}

test('a service is exported with the names, units and labels that Prometheus derives its own from', async () => {
  const collect = startMetrics()
  const { service, record } = createService()
  exportMetrics(service, metrics)
  record(0.5)
  const found = await collect()
  const pointsOf = (name: string) =>
    found.get(name)?.dataPoints.map(({ value, attributes }) => [value, attributes])
  const label = { 'queue.name': 'mails' }
  expect(pointsOf('queue.jobs')).toEqual([[7, { ...label, 'queue.result': 'done' }]])
  expect(pointsOf('queue.length')).toEqual([[3, label]])
  expect(pointsOf('queue.duration')).toEqual([
    [expect.objectContaining({ count: 1, sum: 0.5 }), { ...label, 'queue.operation': 'send' }],
  ])
  expect(found.get('queue.duration')?.descriptor.unit).toBe('s')
})

test('a service whose SDK starts later is exported from its next recorded value on', async () => {
  const { service, record } = createService()
  exportMetrics(service, metrics)
  const collect = startMetrics()
  record(0.5)
  expect((await collect()).get('queue.jobs')?.dataPoints).toHaveLength(1)
})

test('nothing is exported after the end', async () => {
  const collect = startMetrics()
  const { service, record } = createService()
  exportMetrics(service, metrics)()
  record(0.5)
  const found = [...(await collect()).values()]
  expect(found.filter(({ dataPoints }) => dataPoints.length > 0)).toEqual([])
})
