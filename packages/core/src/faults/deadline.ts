import type { Clock } from '../contracts/clock'

/**
 * Waits for `work` for at most `limit` ms, then rejects with what `onTimeout` makes. The work itself goes on;
 * its late result is dropped and its late rejection is swallowed.
 */
export function withDeadline<T>(
  clock: Clock,
  limit: number,
  work: Promise<T>,
  onTimeout: () => unknown,
): Promise<T> {
  if (limit === Number.POSITIVE_INFINITY) return work
  return new Promise((resolve, reject) => {
    const cancel = clock.timeout(limit, () => reject(onTimeout()))
    work.then(resolve, reject).finally(cancel)
  })
}
