import type { Clock } from '../contracts/clock'
import type { Appended, Cursor, InvalidationLog, LogPage } from '../contracts/log'

/**
 * The log of a cache that has no shared authority: a counter in this process. Its one follower applies
 * what it appends itself, so there is nothing to push and nothing to catch up on.
 */
export function createLocalLog(clock: Clock): InvalidationLog {
  let cursor: Cursor = { position: 1, nonce: 'local' }

  const page = (): LogPage => ({
    cursor,
    records: [],
    floor: 0,
    keysFloor: 0,
    known: true,
    more: false,
    now: clock.now(),
    tookOverAt: 0,
    overdue: [],
  })

  return {
    immediate: true,
    sync: async () => page(),
    async append(invalidations): Promise<Appended> {
      const position = Math.max(cursor.position + 1, Math.floor(clock.now() * 1_000))
      cursor = { position, nonce: 'local' }
      const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
      return { ...page(), records, position }
    },
    reissue(invalidations, lost) {
      return this.append(invalidations, lost)
    },
    // No entry outlives this process, and its table is bounded by itself.
    forgetKeys: async () => undefined,
    follow: () => () => undefined,
  }
}
