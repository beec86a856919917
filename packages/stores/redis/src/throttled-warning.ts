/** How long after a warning no other one is given, in ms. */
const pause = 60_000

/**
 * Returns a function that warns of a problem of `subject`, at most once a minute: an outage has one for each call that fails.
 *
 * @example
 * ```ts
 * openGuardedConnection({ …, onError: createThrottledWarning('Sessions "shop"', 'LARDER_SESSIONS_AWAY') })
 * ```
 */
export function createThrottledWarning(subject: string, code: string): (problem: unknown) => void {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (problem) => {
    if (performance.now() - warnedAt < pause) return
    warnedAt = performance.now()
    const description = problem instanceof Error ? problem.message : String(problem)
    process.emitWarning(`${subject}: ${description}`, { type: 'LarderWarning', code })
  }
}
