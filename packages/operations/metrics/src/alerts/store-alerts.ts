import { recorded } from './recordings'
import type { AlertingRule } from './rule'
import type { RuleTerms } from './rule-terms'

/** Alerts on the shared store. */
export function createStoreAlerts(terms: RuleTerms): readonly AlertingRule[] {
  return [...createOutageAlerts(terms), ...createCallAlerts(terms), createMemoryAlert(terms)]
}

function createOutageAlerts({ defineAlert, across, duration, metric }: RuleTerms): readonly AlertingRule[] {
  const open = (part: string) =>
    `max without (cache_tier) (max_over_time(${metric('cache.circuit.open')}{cache_tier=~".*[(]${part}[)]"}[${duration(1)}]))`
  // A store that refuses writes opens the circuit of its entries too, and still answers reads.
  const answered = `sum without (cache_tier, cache_operation, cache_outcome) (rate(${metric('cache.store.duration')}_count{cache_operation="get",cache_outcome="ok"}[${duration(2)}])) > 0`
  const down = `${open('log')} > 0 or (${open('entries')} > 0 unless ${answered})`
  return [
    defineAlert('critical', 'LarderStoreDown', {
      minutes: 2,
      expr: `${across('count', down)} / ${across('count', open('(entries|log)'))} > 0.5`,
      summary:
        '{{ $value | humanizePercentage }} of the processes cannot use the store of {{ $labels.cache_name }}.',
      description: 'Answers stay correct. The source carries the reads that memory cannot answer.',
    }),
    defineAlert('warning', 'LarderCircuitOpen', {
      minutes: 1,
      expr: `${across('sum', `max_over_time(${metric('cache.circuit.open')}[${duration(1)}])`)} > 0`,
      summary:
        'In {{ $value }} processes, calls to {{ $labels.cache_tier }} of {{ $labels.cache_name }} keep failing.',
      description:
        'Reads are answered from memory if it is proven current, and run their functions otherwise.',
    }),
  ]
}

function createCallAlerts(terms: RuleTerms): readonly AlertingRule[] {
  const { options, defineAlert, across, duration, metric } = terms
  const calls = (selector: string) =>
    across('sum', `rate(${metric('cache.store.duration')}_count{${selector}}[${duration(5)}])`, [
      'cache_operation',
      'cache_outcome',
    ])
  const failureShare = (operations: string) =>
    `${calls(`cache_operation=~"${operations}",cache_outcome="error"`)} / (${calls(`cache_operation=~"${operations}"`)} > 0)`
  return [
    defineAlert('warning', 'LarderErrors', {
      minutes: 5,
      expr: `${recorded.storeErrors} > ${options.maxErrorRate}`,
      summary:
        '{{ $value | humanizePercentage }} of the {{ $labels.cache_operation }} calls to {{ $labels.cache_tier }} fail.',
      description:
        'Callers do not see these failures: their reads run the functions instead. The error event has the cause.',
    }),
    defineAlert('warning', 'LarderWritesRefused', {
      minutes: 5,
      expr: `${failureShare('set|lease')} > 0.5 unless ${failureShare('log')} > 0.5`,
      summary:
        'The store {{ $labels.cache_tier }} answers, and refuses {{ $value | humanizePercentage }} of the writes.',
      description:
        'It is full, a replica, or a right is missing: nothing new is kept there, and each process computes alone.',
    }),
    defineAlert('warning', 'LarderStoreSlow', {
      minutes: 5,
      expr: `${recorded.storeLatency} > ${options.maxLatency}`,
      summary:
        '5 % of the {{ $labels.cache_operation }} calls to {{ $labels.cache_tier }} take more than {{ $value | humanizeDuration }}.',
      description: 'A read that misses memory waits that long before it runs its function.',
    }),
  ]
}

function createMemoryAlert({ defineAlert, across, metric }: RuleTerms): AlertingRule {
  // All caches and processes see the same figures of a server.
  const memory = (name: string, selector: string) =>
    across('max', `${metric(`cache.server.memory.${name}`)}${selector}`, ['cache_name', 'cache_policy'])
  return defineAlert('warning', 'LarderRedisMemory', {
    minutes: 10,
    // With a volatile policy a full memory is the usual state: Redis evicts the entries used least.
    expr: `${memory('usage', '')} / ${memory('limit', '{cache_policy!~"volatile-.+"}')} > 0.8`,
    summary:
      'The Redis server {{ $labels.cache_server }} has used {{ $value | humanizePercentage }} of its memory.',
    description:
      'At its limit it refuses writes, or evicts the log as well: its maxmemory-policy is not a volatile one.',
  })
}
