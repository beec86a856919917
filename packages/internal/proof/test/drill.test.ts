import { readFileSync } from 'node:fs'
import { alertRules } from '@larder/metrics'
import { expect, test } from 'vitest'
import { incidents } from '../src/drill/incidents'
import { isRight, judge } from '../src/drill/run-drill'
import { findQueries } from '../src/drill/runbook'

const alerts = alertRules().groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])),
)

/** Alerts that no incident of the drill has to cause, because it lasts minutes or is a consequence of others. */
const notCaused = [
  // Needs hours of failures, even scaled.
  'LarderReadsFailSlowly',
  // Needs a server whose replies take long.
  'LarderStoreSlow',
  // Needs minutes: the figures of the server are read every 30 seconds, whatever the scale.
  'LarderRedisMemory',
  // Needs audits, and a source that changes without an invalidation.
  'LarderAuditMismatch',
  // A service without its store may cause them.
  'LarderHitRatioLow',
  'LarderLogDiverged',
]

test('the drill causes every alert but those that need more than minutes, or another program', () => {
  const caused = new Set(incidents.flatMap(({ expected }) => expected))
  expect(alerts.filter((name) => !caused.has(name)).sort()).toEqual([...notCaused].sort())
})

test('the incidents name only alerts that exist', () => {
  const named = incidents.flatMap(({ expected, tolerated = [] }) => [...expected, ...tolerated])
  expect(named.filter((name) => !alerts.includes(name))).toEqual([])
})

test('an incident is right if all its alerts fired, and no others but its consequences', () => {
  const incident = { name: 'Redis is down', expected: ['A', 'B'], tolerated: ['C'] }
  expect(isRight(judge(incident, new Set(['A', 'B', 'C'])))).toBe(true)
  expect(judge(incident, new Set(['A', 'D']))).toEqual({
    name: 'Redis is down',
    fired: ['A'],
    missing: ['B'],
    wrong: ['D'],
    emptyQueries: [],
  })
  expect(isRight(judge(incident, new Set(['A'])))).toBe(false)
})

test('an incident is wrong if a query of the runbook finds nothing while the alert fires', () => {
  expect(isRight(judge({ name: 'Redis is down', expected: ['A'] }, new Set(['A']), ['absent_metric']))).toBe(
    false,
  )
})

test('the queries of an alert are the lines of its section of the runbook, about all functions and in scaled ranges', () => {
  const runbook = readFileSync(new URL('../../../../docs/operate/runbook.md', import.meta.url), 'utf8')
  expect(findQueries(runbook, 'LarderSourceFailing', 0.1)).toEqual([
    'sum by (cache_outcome) (rate(cache_computes_total{cache_function=~".+"}[30s]))',
  ])
  expect(findQueries(runbook, 'LarderChurn', 0.02)).toHaveLength(2)
  expect(findQueries(runbook, 'LarderStoreDown', 0.02)).toEqual([])
  expect(() => findQueries(runbook, 'LarderUnknown', 0.02)).toThrow('no section')
})
