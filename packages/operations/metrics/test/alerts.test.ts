import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { alertRules } from '../src/index'
import { promtool } from './support/promtool'

const rules = stringify(alertRules(), { lineWidth: 0 })
const labels = 'job="app", instance="a:1", cache_name="shop"'

test('the rule file that is shipped is the one that is generated', async () => {
  await expect(rules).toMatchFileSnapshot('../monitoring/rules.yml')
})

test('promtool finds no fault with the rules', async () => {
  const file = { 'rules.yml': rules }
  const said = await promtool(['check', 'rules', 'rules.yml'], { files: file })
  expect(said).toContain('SUCCESS: 13 rules found')
}, 300_000)

test('another runbook and other limits take the place of the defaults', () => {
  const text = JSON.stringify(alertRules({ runbook: 'https://wiki/cache', minHitRatio: 0.9 }))
  expect(text).toContain('https://wiki/cache#larderhitratiolow')
  expect(text).toContain('cache:hit_ratio:rate5m < 0.9')
})

/** A series as promtool writes it: a value at the start, and what is added each minute. */
const series = (name: string, values: string, more = '') => ({
  series: `${name}{${labels}${more === '' ? '' : `, ${more}`}}`,
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

/** For each alert: what makes it fire, and what does not. */
const stories: Record<string, { fires: object[]; rests: Record<string, object[]> }> = {
  LarderHitRatioLow: {
    fires: requests(500, 600),
    rests: { 'most reads hit': requests(900, 100), 'hardly anybody reads': requests(5, 25) },
  },
  LarderMemoryHigh: {
    fires: [series('cache_memory_usage_bytes', '90x60'), series('cache_memory_limit_bytes', '100x60')],
    rests: {
      'there is room': [
        series('cache_memory_usage_bytes', '79x60'),
        series('cache_memory_limit_bytes', '100x60'),
      ],
    },
  },
  LarderStoreSlow: { fires: calls(900, 100), rests: { 'few calls are slow': calls(960, 40) } },
  LarderErrors: {
    fires: [...requests(900, 100), series('cache_errors_total', '0+20x60')],
    rests: { 'few reads fail': [...requests(900, 100), series('cache_errors_total', '0+5x60')] },
  },
  LarderNotCurrent: {
    fires: [
      series('cache_follower_lag_seconds', '0+60x60'),
      series('cache_follower_lag_limit_seconds', '2x60'),
    ],
    rests: {
      'the log is read': [
        series('cache_follower_lag_seconds', '0.8x60'),
        series('cache_follower_lag_limit_seconds', '2x60'),
      ],
    },
  },
  LarderCircuitOpen: {
    fires: [series('cache_circuit_open', '1x60', 'cache_tier="redis (entries)"')],
    rests: { 'it is closed': [series('cache_circuit_open', '0x60', 'cache_tier="redis (entries)"')] },
  },
  LarderOutboxGrowing: {
    fires: [series('cache_outbox_size', '3x60')],
    rests: { 'it empties in time': [series('cache_outbox_size', '0 0 3 3 0x60')] },
  },
  LarderLogDiverged: {
    fires: [series('cache_divergences_total', '0x55 1x5')],
    rests: { 'that was long ago': [series('cache_divergences_total', '0x5 1x55')] },
  },
}

/** What promtool is asked: whether the alert fires an hour after the start. */
function question(alert: string, input_series: object[], isFiring: boolean): string {
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

const asked = (alert: string, input: object[], isFiring: boolean) =>
  promtool(['test', 'rules', 'test.yml'], {
    files: { 'rules.yml': rules, 'test.yml': question(alert, input, isFiring) },
  })

test.each(Object.entries(stories))('%s fires when it should', async (alert, { fires }) => {
  expect(await asked(alert, fires, true)).toContain('SUCCESS')
})

const peaceful = Object.entries(stories).flatMap(([alert, { rests }]) =>
  Object.entries(rests).map(([why, input]) => [alert, why, input] as const),
)
test.each(peaceful)('%s does not fire when %s', async (alert, _, input) => {
  expect(await asked(alert, input, false)).toContain('SUCCESS')
})

test('LarderNotCurrent fires for a process that never reached the log', async () => {
  expect(
    await asked('LarderNotCurrent', [series('cache_follower_lag_limit_seconds', '2x60')], true),
  ).toContain('SUCCESS')
})

test('every alert is put to the test', () => {
  const alerts = alertRules().groups.flatMap(({ rules: all }) =>
    all.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])),
  )
  expect(alerts.sort()).toEqual(Object.keys(stories).sort())
})
