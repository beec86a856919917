import type { EventCounts } from '../contracts/stats'
import { createFunctionCounts } from './function-counts'

/** Plain numbers, so that counting costs nothing while no one reads the statistics. */
export function createCounters() {
  const events: EventCounts = {
    invalidations: { applied: 0, queued: 0 },
    follows: 0,
    syncs: { ok: 0, failed: 0 },
    diverged: 0,
    evictions: 0,
    unreadable: 0,
    errors: 0,
    audited: { same: 0, different: 0, passed: 0, failed: 0 },
  }
  return { events, functions: createFunctionCounts() }
}

export type Counters = ReturnType<typeof createCounters>
