// needs: prometheus
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules } from '../src/index'
import { runPromtool } from './support/promtool'

const rules = stringify(alertRules(), { lineWidth: 0 })
const labels = 'job="app", instance="a:1", cache_name="shop"'

test('the published rule file equals the generated one', async () => {
  await expect(rules).toMatchFileSnapshot('../monitoring/rules.yml')
})

test('promtool accepts the rules', async () => {
  const file = { 'rules.yml': rules }
  const output = await runPromtool(['check', 'rules', 'rules.yml'], { files: file })
  expect(output).toContain('SUCCESS: 13 rules found')
})

test('options replace the default runbook and the default limits', () => {
  const text = JSON.stringify(alertRules({ runbook: 'https://wiki/cache', minHitRatio: 0.9 }))
  expect(text).toContain('https://wiki/cache#larderhitratiolow')
  expect(text).toContain('cache:hit_ratio:rate5m < 0.9')
})

/** A series in promtool's notation: the initial value, and the increment per minute. */
const series = (name: string, values: string, extraLabels = '') => ({
  series: `${name}{${labels}${extraLabels === '' ? '' : `, ${extraLabels}`}}`,
  values,
})
const requests = (hits: number, misses: number) => [
  series('cache_requests_total', `0+${hits}x60`, 'cache_result="hit", cache_tier="memory"'),
  series('cache_requests_total', `0+${misses}x60`, 'cache_result="miss"'),
]
const calls = (fast: number, slow: number) => [
  series(
    'cache_store_duration_seconds_bucket',
    `0+${fast}x60`,
    'cache_tier="redis", cache_operation="get", cache_outcome="ok", le="0.2"',
  ),
  series(
    'cache_store_duration_seconds_bucket',
    `0+${fast + slow}x60`,
    'cache_tier="redis", cache_operation="get", cache_outcome="ok", le="0.5"',
  ),
  series(
    'cache_store_duration_seconds_bucket',
    `0+${fast + slow}x60`,
    'cache_tier="redis", cache_operation="get", cache_outcome="ok", le="+Inf"',
  ),
]

/** For each alert: input series on which it fires, and series on which it does not, by the reason. */
const cases: Record<string, { firing: object[]; resting: Record<string, object[]> }> = {
  LarderHitRatioLow: {
    firing: requests(500, 600),
    resting: { 'most reads hit': requests(900, 100), 'there are few reads': requests(5, 25) },
  },
  LarderMemoryHigh: {
    firing: [series('cache_memory_usage_bytes', '90x60'), series('cache_memory_limit_bytes', '100x60')],
    resting: {
      'memory is below the limit': [
        series('cache_memory_usage_bytes', '79x60'),
        series('cache_memory_limit_bytes', '100x60'),
      ],
    },
  },
  LarderStoreSlow: { firing: calls(900, 100), resting: { 'few calls are slow': calls(960, 40) } },
  LarderErrors: {
    firing: [...requests(900, 100), series('cache_errors_total', '0+20x60')],
    resting: { 'few reads fail': [...requests(900, 100), series('cache_errors_total', '0+5x60')] },
  },
  LarderNotCurrent: {
    firing: [
      series('cache_follower_lag_seconds', '0+60x60'),
      series('cache_follower_lag_limit_seconds', '2x60'),
    ],
    resting: {
      'the lag is below the limit': [
        series('cache_follower_lag_seconds', '0.8x60'),
        series('cache_follower_lag_limit_seconds', '2x60'),
      ],
    },
  },
  LarderCircuitOpen: {
    firing: [series('cache_circuit_open', '1x60', 'cache_tier="redis (entries)"')],
    resting: {
      'the circuit is closed': [series('cache_circuit_open', '0x60', 'cache_tier="redis (entries)"')],
    },
  },
  LarderOutboxGrowing: {
    firing: [series('cache_outbox_size', '3x60')],
    resting: { 'the outbox empties in time': [series('cache_outbox_size', '0 0 3 3 0x60')] },
  },
  LarderLogDiverged: {
    firing: [series('cache_divergences_total', '0x55 1x5')],
    resting: { 'the divergence was long ago': [series('cache_divergences_total', '0x5 1x55')] },
  },
}

/** A promtool test file: whether the alert fires one hour after the start. */
function createRuleTest(alert: string, input_series: object[], isFiring: boolean): string {
  return stringify({
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series,
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`,
            eval_time: '1h',
            exp_samples: [{ labels: '{}', value: isFiring ? 1 : 0 }],
          },
        ],
      },
    ],
  })
}

const testAlert = (alert: string, input: object[], isFiring: boolean) =>
  runPromtool(['test', 'rules', 'test.yml'], {
    files: { 'rules.yml': rules, 'test.yml': createRuleTest(alert, input, isFiring) },
  })

test.each(Object.entries(cases))('%s fires when its condition holds', async (alert, { firing }) => {
  expect(await testAlert(alert, firing, true)).toContain('SUCCESS')
})

const restingCases = Object.entries(cases).flatMap(([alert, { resting }]) =>
  Object.entries(resting).map(([reason, input]) => [alert, reason, input] as const),
)
test.each(restingCases)('%s does not fire when %s', async (alert, _, input) => {
  expect(await testAlert(alert, input, false)).toContain('SUCCESS')
})

test('LarderNotCurrent fires for a process that has never reached the log', async () => {
  expect(
    await testAlert('LarderNotCurrent', [series('cache_follower_lag_limit_seconds', '2x60')], true),
  ).toContain('SUCCESS')
})

test('every alert has test cases', () => {
  const alerts = alertRules().groups.flatMap(({ rules: groupRules }) =>
    groupRules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])),
  )
  expect(alerts.sort()).toEqual(Object.keys(cases).sort())
})
