import type { Appended, Cursor, Invalidation, InvalidationLog, LogPage } from '@larder/core'

/** A log in one process: it keeps the position of the latest append, and no records. */
export function countingLog(): InvalidationLog {
  let cursor: Cursor = { position: 1, nonce: 'test' }
  const createPage = (): LogPage => ({
    cursor,
    records: [],
    floor: 0,
    keysFloor: 0,
    known: true,
    more: false,
    now: Date.now(),
    tookOverAt: 0,
    overdue: [],
  })
  async function append(invalidations: readonly Invalidation[]): Promise<Appended> {
    const position = Math.max(cursor.position + 1, Date.now() * 1_000)
    cursor = { position, nonce: 'test' }
    return { ...createPage(), records: invalidations.map((one) => ({ ...one, position })), position }
  }
  return {
    immediate: true,
    sync: async () => createPage(),
    append,
    reissue: append,
    forgetKeys: async () => undefined,
    follow: () => () => undefined,
  }
}
