import type { CacheEvents } from '../contracts/events'
import type { LogRecord } from '../contracts/log'
import type { FollowerPosition } from './follower-position'
import type { LogClock } from './log-clock'

/** Dependencies of {@link createForeignRecords}. */
interface ForeignRecordsOptions {
  readonly place: FollowerPosition
  readonly logClock: LogClock
  readonly handlers: { onApply(event: CacheEvents['apply']): void }
}

/** Invalidations listed in an `apply` event. */
const maxListed = 100
/** Own appends that are remembered, more than a log pushes late. */
const maxOwnPositions = 1_000

/**
 * Reports the records that other processes append from now on: each once, whether the log pushes it, a poll reads it, or an
 * append of this process is answered with it. A record may arrive before the answer that tells whose it is: it is reported
 * when the appends that are under way have been answered.
 */
export function createForeignRecords({ place, logClock, handlers }: ForeignRecordsOptions) {
  const appends = new Set<Promise<unknown>>()
  /** The latest of them, written over in a circle. */
  const ownPositions = new Float64Array(maxOwnPositions)
  let ownCount = 0
  /** Records up to here are older than this process. */
  let start = 0

  function report(records: readonly LogRecord[], appliedAt: number): void {
    const foreign = records.filter(({ position }) => !ownPositions.includes(position))
    const last = foreign.at(-1)
    if (last === undefined) return
    handlers.onApply({
      position: last.position,
      records: foreign.length,
      delay: appliedAt - last.position / 1_000,
      invalidations: foreign.slice(0, maxListed).map(({ scope, name, mode }) => ({ scope, name, mode })),
    })
  }

  return {
    /** Called before the records are applied: those up to the cursor are known already. `logEnd`: the log's last position. */
    note(records: readonly LogRecord[], logEnd: number): void {
      const { cursor } = place
      if (cursor === undefined) start = logEnd
      if (records.length === 0) return
      const known = Math.max(start, cursor?.position ?? 0)
      const added = records.filter(({ position }) => position > known)
      if (added.length === 0) return
      const appliedAt = logClock.now()
      if (appends.size === 0) report(added, appliedAt)
      else void Promise.allSettled(appends).then(() => report(added, appliedAt))
    },

    /** An append of this process. Its answer has the position of its records, unless it rejects. */
    async trackAppend<A extends { readonly position: number }>(append: Promise<A>): Promise<A> {
      appends.add(append)
      try {
        const answer = await append
        ownPositions[ownCount % maxOwnPositions] = answer.position
        ownCount += 1
        return answer
      } finally {
        appends.delete(append)
      }
    },
  }
}

export type ForeignRecords = ReturnType<typeof createForeignRecords>
