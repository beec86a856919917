/**
 * Counts the invalidations that this process has put in force before the log confirmed them. An entry carries the count at
 * the start of its computation.
 */
export function createSequence() {
  let latest = 0
  return {
    get latest() {
      return latest
    },
    /** Counts another invalidation, and returns its number. */
    advance(): number {
      latest += 1
      return latest
    },
  }
}

export type Sequence = ReturnType<typeof createSequence>
