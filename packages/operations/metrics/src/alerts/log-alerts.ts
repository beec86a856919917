import { recorded } from './recordings'
import type { AlertingRule } from './rule'
import type { RuleTerms } from './rule-terms'

const { invalidations } = recorded

/** Alerts on the log of invalidations, and on the processes that follow it. */
export function createLogAlerts(terms: RuleTerms): readonly AlertingRule[] {
  return [...createInvalidationAlerts(terms), ...createProcessAlerts(terms)]
}

function createInvalidationAlerts(terms: RuleTerms): readonly AlertingRule[] {
  const { options, defineAlert, across, duration, metric } = terms
  const diverged = `increase(${metric('cache.divergences')}[${duration(15)}])`
  const mismatches = `increase(${metric('cache.audited')}{cache_outcome="different"}[${duration(1_440)}])`
  const wasCutOff = `max_over_time(${metric('cache.follower.lag')}[${duration(20)}]) > 30`
  return [
    defineAlert('critical', 'LarderOutboxGrowing', {
      minutes: 1,
      expr: `${across('sum', `min_over_time(${metric('cache.outbox.size')}[${duration(2)}])`)} > 0`,
      summary: '{{ $value }} invalidations of {{ $labels.cache_name }} are not delivered.',
      description:
        'Other processes may serve values that a process has invalidated while it cannot reach the log.',
    }),
    defineAlert('warning', 'LarderInvalidationStorm', {
      minutes: 5,
      expr: `${invalidations} > ${options.maxInvalidations} and ${invalidations} > 5 * avg_over_time(${invalidations}[${duration(1_440)}])`,
      summary: 'The cache {{ $labels.cache_name }} is invalidated {{ $value | humanize }} times per second.',
      description: 'Each invalidation ends entries in every process; a broad tag ends many.',
    }),
    defineAlert('warning', 'LarderAuditMismatch', {
      minutes: 0,
      // As long as a day, so that the finding of a night is still there in the morning.
      expr: `${across('sum', mismatches, ['cache_outcome'])} > 0`,
      summary: 'An audit found {{ $value | humanize }} wrong values in the cache {{ $labels.cache_name }}.',
      description:
        'Entries differ from their source although nothing is on its way: a write does not invalidate what it changes.',
    }),
    defineAlert('warning', 'LarderLogDiverged', {
      minutes: 0,
      // A process that was cut off for long sees positions that the log has forgotten, without any loss.
      expr: `${across('count', `${diverged} > 0 unless ${wasCutOff}`)} > 0 or ${across('avg', `${diverged} > bool 0`)} > 0.5`,
      summary: 'The log of the cache {{ $labels.cache_name }} had lost records.',
      description:
        'The records were reissued. A failover or a flush causes this; without either, find out which client deletes the keys of the log.',
    }),
  ]
}

function createProcessAlerts(terms: RuleTerms): readonly AlertingRule[] {
  const { defineAlert, across, duration, metric } = terms
  const limit = metric('cache.follower.lag.limit')
  const lag = metric('cache.follower.lag')
  // An outage changes it once when it begins and once when it ends.
  const turns = `changes((max_over_time(${lag}[${duration(0.5)}]) > bool ${limit})[${duration(10)}:${duration(0.5)}])`
  return [
    defineAlert('warning', 'LarderNotCurrent', {
      minutes: 1,
      expr: `${across('count', `min_over_time(${lag}[${duration(2)}]) > ${limit} or ${limit} unless ${lag}`)} > 0`,
      summary: '{{ $value }} processes cannot prove that the cache {{ $labels.cache_name }} is current.',
      description:
        'They only serve entries that they computed within maxStaleness, because others may have been invalidated. All other reads run their functions.',
    }),
    defineAlert('warning', 'LarderProcessBlocked', {
      minutes: 5,
      expr: `${across('count', `${turns} > 2`)} > 0`,
      summary:
        '{{ $value }} processes lose contact with the log of {{ $labels.cache_name }} again and again.',
      description:
        'Most often their event loop is blocked for seconds: by a long computation, or by garbage collection.',
    }),
    defineAlert('warning', 'LarderMetricsMissing', {
      minutes: 10,
      expr: `${across('group', `${limit} offset ${duration(60)}`)} unless ${across('group', limit)} or absent(${limit})`,
      summary: 'The metrics of the cache {{ $labels.cache_name }} have disappeared.',
      description: 'No other alert can fire: no process is scraped, or the names of the metrics differ.',
    }),
  ]
}
