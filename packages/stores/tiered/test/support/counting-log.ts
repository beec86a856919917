import type { Cursor, Invalidation, InvalidationLog, LogPage } from '@larder/core'

/** A log in one process: it keeps the position of the latest append, and no records. */
export function countingLog(): InvalidationLog {
  let cursor: Cursor = { position: 1, term: 1 }
  const createPage = (): LogPage => ({
    log: 1,
    cursor,
    position: cursor.position,
    history: undefined,
    records: [],
    floor: 0,
    keysFloor: 0,
    known: true,
    more: false,
    now: Date.now(),
    tookOverAt: 0,
    overdue: [],
  })
  async function append(invalidations: readonly Invalidation[]): Promise<LogPage> {
    const position = Math.max(cursor.position + 1, Date.now() * 1_000)
    cursor = { position, term: 1 }
    return { ...createPage(), records: invalidations.map((one) => ({ ...one, position })), position }
  }
  return {
    immediate: true,
    sync: async () => createPage(),
    append,
    reissue: async () => ({ accepted: true, reissued: [] }),
    forgetKeys: async () => undefined,
    follow: () => () => undefined,
  }
}
