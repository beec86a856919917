import type { CacheStats } from '@larder/core'

interface HealthCheck {
  readonly name: string
  readonly status: 'pass' | 'warn' | 'fail'
  readonly detail: string
}

export interface Health {
  /** The worst status of the checks. */
  readonly status: HealthCheck['status']
  readonly checks: readonly HealthCheck[]
}

/** Checks the state of a cache. The hit ratio is not a health check: a cache that misses still returns values. */
export function checkHealth(stats: CacheStats): Health {
  const checks = [checkStaleness(stats), ...stats.circuits.map(checkCircuit), checkOutbox(stats)]
  const worst = (['fail', 'warn'] as const).find((status) => checks.some((check) => check.status === status))
  return { status: worst ?? 'pass', checks }
}

function checkStaleness({ lag, maxStaleness }: CacheStats): HealthCheck {
  const name = 'current'
  if (lag <= maxStaleness)
    return { name, status: 'pass', detail: `The log was last read ${Math.round(lag)} ms ago.` }
  const period = Number.isFinite(lag) ? `for ${Math.round(lag / 1_000)} s` : 'since the start'
  return {
    name,
    status: 'fail',
    detail: `The log could not be read ${period}: only values that this process computed within the last ${Math.round(maxStaleness / 100) / 10} s are served, because older ones may have been invalidated.`,
  }
}

function checkCircuit({ name, state }: CacheStats['circuits'][number]): HealthCheck {
  if (state === 'closed') return { name, status: 'pass', detail: 'Calls succeed.' }
  if (state === 'half-open')
    return { name, status: 'warn', detail: 'Calls failed; the next one tests whether it works again.' }
  return { name, status: 'fail', detail: 'Calls keep failing and are suspended for a while.' }
}

function checkOutbox({ outbox: size }: CacheStats): HealthCheck {
  const name = 'outbox'
  if (size === 0) return { name, status: 'pass', detail: 'Every invalidation is in the log.' }
  return { name, status: 'warn', detail: `Invalidations that wait to be written to the log: ${size}.` }
}
