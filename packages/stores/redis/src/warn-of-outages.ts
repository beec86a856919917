/** How long after a warning no other one is given, in ms. */
const pause = 60_000

/**
 * Returns a function that warns of errors of Redis, at most once a minute.
 *
 * @example
 * ```ts
 * openGuardedConnection({ …, onError: warnOfOutages('Sessions "shop"', 'LARDER_SESSIONS_AWAY') })
 * ```
 */
export function warnOfOutages(subject: string, code: string): (error: unknown) => void {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - warnedAt < pause) return
    warnedAt = performance.now()
    const problem = error instanceof Error ? error.message : String(error)
    process.emitWarning(`${subject}: ${problem}`, { type: 'LarderWarning', code })
  }
}
