import type { Clock, Observe } from '@larder/core'
import { isUnavailable } from './is-unavailable'
import type { SessionsStats } from './sessions'

export type CallRecorder = ReturnType<typeof createCallRecorder>

type Event = Exclude<keyof SessionsStats, 'circuit' | 'unavailable'>

/** Counts the work of one process, and hands out how long its calls took. */
export function createCallRecorder(clock: Clock) {
  const counts = {
    created: 0,
    found: 0,
    missing: 0,
    unreadable: 0,
    saved: 0,
    conflicts: 0,
    renewed: 0,
    revoked: 0,
    unavailable: 0,
  }
  const listeners = new Set<Observe>()

  return {
    readCounts: () => ({ ...counts }),
    count(event: Event): void {
      counts[event] += 1
    },
    /** Every duration from now on, in seconds. Returns a function that stops it. */
    listen(observe: Observe): () => void {
      listeners.add(observe)
      return () => listeners.delete(observe)
    },
    /** Runs a call of the store, whose outages count. */
    measure<T>(operation: string, call: () => Promise<T>): Promise<T> {
      const startedAt = clock.monotonic()
      function observe(): void {
        const seconds = (clock.monotonic() - startedAt) / 1_000
        for (const listener of listeners) listener(seconds, { 'session.operation': operation })
      }
      return call().then(
        (result) => {
          observe()
          return result
        },
        (error) => {
          if (isUnavailable(error)) counts.unavailable += 1
          observe()
          throw error
        },
      )
    },
  }
}
