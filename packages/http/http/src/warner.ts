import { type Cache, type Clock, createExpiringSet } from '@larder/core'

/** Reports a mistake of the application: once for a subject, and again if it still happens a minute later. */
export type Warn = (subject: string, problem: string) => void

/** In ms. A mistake that each request meets must not flood the log. */
const repeatInterval = 60_000

const maxSubjects = 1_000

/** Emits warnings of the cache. `clock` limits how often. */
export function createWarner(cache: Pick<Cache, 'warn'>, clock: Pick<Clock, 'monotonic'>): Warn {
  const recent = createExpiringSet(clock, maxSubjects)
  return (subject, problem) => {
    if (recent.has(subject)) return
    recent.add(subject, repeatInterval)
    cache.warn(`httpCache: ${subject} ${problem}`)
  }
}
