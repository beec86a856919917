import type { CacheStats } from '@larder/core'

/** One thing that can be well or not. */
export interface Check {
  readonly name: string
  readonly status: 'pass' | 'warn' | 'fail'
  readonly detail: string
}

export interface Health {
  /** The worst of the checks. */
  readonly status: Check['status']
  readonly checks: readonly Check[]
}

/** How a cache is, by what it counts. Misses are no illness: a cache that fails lets its functions answer. */
export function healthOf(stats: CacheStats): Health {
  const checks = [currency(stats), ...stats.circuits.map(circuit), outbox(stats)]
  const worst = (['fail', 'warn'] as const).find((status) => checks.some((check) => check.status === status))
  return { status: worst ?? 'pass', checks }
}

function currency({ lag, maxStaleness }: CacheStats): Check {
  const name = 'current'
  if (lag <= maxStaleness)
    return { name, status: 'pass', detail: `Proven current ${Math.round(lag)} ms ago.` }
  const since = Number.isFinite(lag) ? `for ${Math.round(lag / 1_000)} s` : 'since the start'
  return {
    name,
    status: 'fail',
    detail: `The log could not be read ${since}: nothing cached can be proven current.`,
  }
}

function circuit({ name, state }: CacheStats['circuits'][number]): Check {
  if (state === 'closed') return { name, status: 'pass', detail: 'Answers.' }
  if (state === 'half-open') return { name, status: 'warn', detail: 'Has failed; the next call tries again.' }
  return { name, status: 'fail', detail: 'Keeps failing, and is left alone for a while.' }
}

function outbox({ outbox: size }: CacheStats): Check {
  const name = 'outbox'
  if (size === 0) return { name, status: 'pass', detail: 'Every invalidation is on record.' }
  return { name, status: 'warn', detail: `${size} invalidations wait for the log.` }
}
