// needs: prometheus
// tier: slow
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { homepage } from '../package.json'
import { type AlertOptions, alertRules } from '../src/index'
import { runPromtool } from './support/promtool'
import {
  alternateValues,
  endingWith,
  endOfIncident,
  gaugeSinceIncident,
  type Incident,
  simulateService,
  sinceIncident,
} from './support/simulated-service'

const rulesOf = (options?: AlertOptions) => stringify(alertRules(options), { lineWidth: 0 })
const alerts = alertRules().groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
)

test('the published rule file equals the generated one', async () => {
  await expect(rulesOf()).toMatchFileSnapshot('../monitoring/rules.yml')
})

test('every alert links to the runbook in the repository that the manifest names', () => {
  const repository = homepage.replace('#readme', '')
  for (const { annotations } of alerts)
    expect(annotations.runbook_url).toMatch(
      new RegExp(`^${repository}/blob/main/docs/operate/runbook\\.md#larder`),
    )
})

test.each([
  ['the default', {}],
  ['a drill', { timeScale: 0.05 }],
  ["OpenTelemetry's own exporter", { unitSuffixes: false }],
  ['other labels of processes', { processLabels: ['container'] }],
])('promtool accepts the rules of %s', async (_, options) => {
  const output = await runPromtool(['check', 'rules', 'rules.yml'], {
    files: { 'rules.yml': rulesOf(options) },
  })
  expect(output).toContain('SUCCESS')
})

interface Expectation {
  readonly expr: string
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[]
}

async function testRules(
  series: readonly object[],
  expectation: Expectation,
  options?: AlertOptions,
): Promise<void> {
  const file = stringify({
    rule_files: ['rules.yml'],
    evaluation_interval: '5m',
    tests: [
      {
        interval: '1m',
        input_series: series,
        promql_expr_test: [{ eval_time: endOfIncident, ...expectation }],
      },
    ],
  })
  const files = { 'rules.yml': rulesOf(options), 'test.yml': file }
  expect(await runPromtool(['test', 'rules', 'test.yml'], { files })).toContain('SUCCESS')
}

/** Exactly these alerts fire at the end of the incident. */
const expectFiring = (series: readonly object[], names: readonly string[]) =>
  testRules(series, {
    expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
    exp_samples: [...names].sort().map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
  })

const storeDown: Incident = {
  'entries open': [0, 1],
  'log open': [0, 1],
  'leases open': [0, 1],
  lag: [0.4, 600],
  'gets ok': [600, 0],
  'gets failed': [0, 60],
  'sets ok': [600, 0],
  'log ok': [75, 0],
  'log failed': [0, 60],
}
const outage = ['LarderStoreDown', 'LarderCircuitOpen', 'LarderErrors', 'LarderNotCurrent']
const noReads: Incident = { 'hits of load': [4_860, 1], 'misses of load': [540, 1], 'hits of list': [540, 0] }
const manyReads: Incident = { 'hits of load': [4_860, 120_000], 'misses of load': [540, 12_000] }

/** Incidents, and all alerts that fire in each. */
const incidents: readonly (readonly [string, readonly Incident[], readonly string[]])[] = [
  ['the store is down', [storeDown], outage],
  ['the store is down and there are 2 000 reads per second', [{ ...storeDown, ...manyReads }], outage],
  [
    'the store is down and there are no reads',
    [{ ...storeDown, ...noReads, 'misses of list': [60, 0] }],
    outage,
  ],
  [
    'one process of two is cut off',
    [storeDown, {}],
    ['LarderCircuitOpen', 'LarderErrors', 'LarderNotCurrent'],
  ],
  [
    'the store is full, and answers reads',
    [{ 'entries open': [0, 1], 'leases open': [0, 1], 'sets ok': [600, 0], 'sets failed': [0, 60] }],
    ['LarderCircuitOpen', 'LarderErrors', 'LarderWritesRefused'],
  ],
  [
    'the entries are out of reach, and the log is not',
    [{ 'entries open': [0, 1], 'gets ok': [600, 0], 'gets failed': [0, 60], 'sets ok': [600, 0] }],
    ['LarderStoreDown', 'LarderCircuitOpen', 'LarderErrors'],
  ],
  ['the store is slow', [{ 'fast gets': [600, 500] }], ['LarderStoreSlow']],
  [
    'a function gets a bad key',
    [{ 'hits of list': [540, 0], 'misses of list': [60, 600] }],
    ['LarderFunctionNeverHits'],
  ],
  [
    'the values of a function are not kept',
    [
      {
        'hits of list': [540, 0],
        'misses of list': [60, 600],
        'stored of list': [60, 0],
        'skipped of list': [0, 600],
      },
    ],
    ['LarderFunctionNeverHits', 'LarderNothingKept'],
  ],
  ['a few computations of a function take 1.5 s', [{ 'p95 of load': [0.005, 1.5] }], ['LarderSourceSlow']],
  [
    'the source of a function fails in half of its calls',
    [{ 'values of load': [540, 270], 'errors of load': [0, 270] }],
    ['LarderSourceFailing', 'LarderReadsFail'],
  ],
  [
    'a source fails in half of its calls, beside many requests that no rule of HTTP is for',
    [{ 'values of load': [540, 270], 'errors of load': [0, 270], 'misses without a rule': [60_000, 60_000] }],
    ['LarderSourceFailing', 'LarderReadsFail'],
  ],
  [
    'a source is gone',
    [{ 'values of load': [540, 0], 'errors of load': [0, 540] }],
    ['LarderSourceFailing', 'LarderReadsFail', 'LarderReadsFailSlowly'],
  ],
  ['invalidations storm', [{ invalidations: [60, 3_000] }], ['LarderInvalidationStorm']],
  [
    'most reads miss',
    [{ 'hits of load': [4_860, 1_000], 'misses of load': [540, 4_400] }],
    ['LarderHitRatioLow'],
  ],
  [
    'memory is too small, and the hit ratio falls',
    [{ 'hits of load': [4_860, 3_700], 'misses of load': [540, 1_700], evictions: [30, 1_700] }],
    ['LarderChurn'],
  ],
  [
    'a process is blocked again and again',
    [{ lag: alternateValues(0.4, [0.4, 3, 0.4, 0.4]) }, {}],
    ['LarderProcessBlocked'],
  ],
  ['invalidations wait for the log', [{ outbox: [0, 3] }, {}], ['LarderOutboxGrowing']],
  [
    'an audit has found a wrong value, half an hour ago',
    [{ mismatches: endingWith(0, Array(30).fill(1)) }, {}],
    ['LarderAuditMismatch'],
  ],
  ['the log has lost records', [{ divergences: endingWith(0, [1, 1, 1, 1, 1]) }], ['LarderLogDiverged']],
  [
    'the metrics disappear',
    [{ 'lag limit': [2, undefined], lag: [0.4, undefined] }],
    ['LarderMetricsMissing'],
  ],
]

/** The memory of a server of 100 bytes, of which all processes of two caches know. */
function redisMemory(used: number, policy: string) {
  return ['app-0', 'app-1'].flatMap((instance) =>
    ['shop', 'users'].flatMap((cache) => {
      const labels = `job="app", instance="${instance}", cache_name="${cache}", cache_server="redis:6379"`
      return [
        { series: `cache_server_memory_usage_bytes{${labels}}`, values: `${used}x525` },
        { series: `cache_server_memory_limit_bytes{${labels}, cache_policy="${policy}"}`, values: '100x525' },
      ]
    }),
  )
}

describe('exactly these alerts fire when', () => {
  test.each(incidents)('%s', async (_, processes, firing) => {
    await expectFiring(simulateService(processes), firing)
  })

  test('the memory of Redis is nearly full', async () => {
    await expectFiring([...simulateService([]), ...redisMemory(85, 'noeviction')], ['LarderRedisMemory'])
  })

  test('a Redis that evicts the entries used least is full', async () => {
    await expectFiring([...simulateService([]), ...redisMemory(99, 'volatile-lru')], [])
  })

  test('no process was ever scraped', () => expectFiring([], ['LarderMetricsMissing']))

  test('a process has lost contact with the log once, eight minutes ago', () =>
    expectFiring(simulateService([{ lag: endingWith(0.4, Array(8).fill(600)) }, {}]), ['LarderNotCurrent']))

  test('a process has never reached the log', () =>
    expectFiring(simulateService([{ lag: '_x525' }, {}]), ['LarderNotCurrent']))
})

describe('no alert fires', () => {
  const nothing: Incident = Object.fromEntries(
    [
      'hits of load',
      'misses of load',
      'hits of list',
      'misses of list',
      'values of load',
      'values of list',
      'stored of load',
      'stored of list',
      'evictions',
      'invalidations',
    ].map((name) => [name, [60, 0]]),
  )
  test.each([
    ['in a healthy service', {}],
    ['in a quiet night', nothing],
    ['while memory is full and the hit ratio is steady', { evictions: [600, 600] }],
    ['for a few failed computations', { 'errors of load': [0, 1] }],
    ['for requests that no rule of HTTP is for', { 'misses without a rule': [0, 60_000] }],
    ['for a function that is always slow', { 'p95 of load': [1.5, 1.5] }],
    [
      'for a slow function without a history',
      { 'values of list': sinceIncident(60), 'p95 of list': gaugeSinceIncident(1.5) },
    ],
    ['for a short queue of invalidations', { outbox: endingWith(0, [3, 0]) }],
  ] satisfies [string, Incident][])('%s', async (_, incident) => {
    await expectFiring(simulateService([incident]), [])
  })

  test('for records that a process has forgotten while it was cut off', () =>
    expectFiring(
      simulateService([{ lag: endingWith(0.4, [180, 0.4, 0.4]), divergences: endingWith(0, [0, 1, 1]) }, {}]),
      [],
    ))
})

test('one cause gives one page, however many processes there are', () =>
  testRules(simulateService([storeDown], { processes: 40 }), {
    expr: 'count(ALERTS{alertstate="firing", severity="critical"})',
    exp_samples: [{ labels: '{}', value: 1 }],
  }))

test('two clusters with the same jobs and instances are told apart', () =>
  testRules(
    [...simulateService([storeDown]), ...simulateService([{}], { labels: 'job="app", cluster="us"' })],
    {
      expr: 'group by (cluster) (ALERTS{alertstate="firing"})',
      exp_samples: [{ labels: '{cluster="eu"}', value: 1 }],
    },
  ))

test('with the names of another exporter, the alerts are not silent', () =>
  testRules(
    simulateService([storeDown]).map(({ series, values }) => ({
      series: series.replace('_seconds', ''),
      values,
    })),
    { expr: 'count(ALERTS{alertname="LarderNotCurrent"})', exp_samples: [{ labels: '{}', value: 1 }] },
    { unitSuffixes: false },
  ))

test('every alert has an incident, and a runbook that a pager can open', () => {
  const fired = new Set([...incidents.flatMap(([, , firing]) => firing), 'LarderRedisMemory'])
  expect([...new Set(alerts.map(({ alert }) => alert))].sort()).toEqual([...fired].sort())
  for (const { alert, annotations } of alerts) {
    expect(new URL(annotations.runbook_url).hash).toBe(`#${alert.toLowerCase()}`)
  }
})

test('options replace the runbook and the limits', () => {
  const text = rulesOf({ runbook: 'https://wiki.example/cache', minHitRatio: 0.9 })
  expect(text).toContain('https://wiki.example/cache#larderhitratiolow')
  expect(text).toContain('cache:hit_ratio:rate5m < 0.9')
})
