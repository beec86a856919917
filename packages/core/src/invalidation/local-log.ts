import type { Clock } from '../contracts/clock'
import type { Cursor, Invalidation, InvalidationLog, LogPage } from '../contracts/log'

/**
 * The log of a cache without a shared authority: a counter in this process. Its only follower applies the records it
 * appends itself, so no record needs to be pushed or synced, and none can be lost.
 */
export function createLocalLog(clock: Clock): InvalidationLog {
  let cursor: Cursor = localLogStart

  const createPage = (): LogPage => ({
    log: 0,
    cursor,
    position: cursor.position,
    records: [],
    floor: 0,
    keysFloor: 0,
    known: true,
    more: false,
    now: clock.now(),
    tookOverAt: 0,
    history: undefined,
    overdue: [],
  })

  async function append(invalidations: readonly Invalidation[]): Promise<LogPage> {
    const position = Math.max(cursor.position + 1, Math.floor(clock.now() * 1_000))
    cursor = { position, term: localLogStart.term }
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    return { ...createPage(), records }
  }

  return {
    immediate: true,
    sync: async () => createPage(),
    append,
    reissue: async () => ({ accepted: true, reissued: [] }),
    // Key records need no garbage collection: entries do not outlive this process, and its tag table is bounded.
    forgetKeys: async () => undefined,
    follow: () => () => undefined,
  }
}

/** The cursor of an empty local log. */
export const localLogStart: Cursor = { position: 1, term: 0 }
