/** How long after a warning no other one is given, in ms. */
const pause = 60_000

/** Returns a function that warns of errors of Redis, at most once a minute. */
export function warnOfOutages(name: string): (error: unknown) => void {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - warnedAt < pause) return
    warnedAt = performance.now()
    process.emitWarning(`Sessions "${name}": ${error instanceof Error ? error.message : String(error)}`, {
      type: 'LarderWarning',
      code: 'LARDER_SESSIONS_AWAY',
    })
  }
}
