import { runOutsideContexts } from '../async-scope'
import type { Clock } from '../contracts/clock'
import type { Cursor, Invalidation, InvalidationLog, LogMessage, LogPage, LogRecord } from '../contracts/log'
import { type LocalFollower, type LocalLogState, localLogStart } from './local-log-state'

/** The place of a follower before it has joined a local log. */
export const localLogBeginning: Cursor = { position: localLogStart, term: 0 }

const noRecords: readonly LogRecord[] = []

/**
 * The log of a cache without a shared authority: a counter in this process. Appended records are pushed to all other
 * followers before the append resolves, and the one that appends applies them itself, so none can be late, missed or lost.
 */
export function createLocalLog(clock: Clock, state: LocalLogState): InvalidationLog {
  let ownFollower: LocalFollower | undefined

  const cursorNow = (): Cursor => ({ position: state.position, term: localLogBeginning.term })

  /** A page without records: those of others were pushed, and a process applies its own itself. */
  const createPage = (): LogPage => ({
    log: 0,
    cursor: cursorNow(),
    position: state.position,
    records: noRecords,
    floor: 0,
    keysFloor: 0,
    known: true,
    more: false,
    now: clock.now(),
    tookOverAt: 0,
    history: undefined,
    overdue: [],
  })

  /** The records are in force here already: only the cursor moves. */
  function push(records: readonly LogRecord[], previous: Cursor): void {
    const message = { log: 0, previous, cursor: cursorNow() }
    ownFollower?.({ ...message, records: noRecords })
    if (state.followers.size > 1) runOutsideContexts(() => pushToOthers({ ...message, records }))
  }

  function pushToOthers(message: LogMessage): void {
    for (const reference of state.followers) {
      const follower = reference.deref()
      if (follower === undefined) state.followers.delete(reference)
      else if (follower !== ownFollower) follower(message)
    }
  }

  return {
    immediate: true,
    sync: async () => createPage(),
    async append(invalidations: readonly Invalidation[]): Promise<LogPage> {
      const previous = cursorNow()
      state.position = Math.max(state.position + 1, Math.floor(clock.now() * 1_000))
      const records = invalidations.map((item) => ({ ...item, position: state.position }))
      for (const record of records) keepLink(state.links, record)
      push(records, previous)
      return createPage()
    },
    reissue: async () => ({ accepted: true, reissued: [] }),
    // Key records need no garbage collection: entries do not outlive this process, and its tag table is bounded.
    forgetKeys: async () => undefined,
    follow(onMessage) {
      ownFollower = onMessage
      const reference = new WeakRef(onMessage)
      state.followers.add(reference)
      const records = [...state.links.values()]
      onMessage({ log: 0, previous: localLogBeginning, cursor: cursorNow(), records })
      return () => {
        ownFollower = undefined
        state.followers.delete(reference)
        if (state.followers.size === 0) state.links.clear()
      }
    },
  }
}

function keepLink(links: Map<string, LogRecord>, record: LogRecord): void {
  if (record.scope === 'link') links.set(record.name, record)
  else if (record.scope === 'unlink') links.delete(record.name)
}
