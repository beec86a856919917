import type { Cursor, LogPage, Term } from '../contracts/log'
import { containsCursor, type FollowerPlace } from './log-history'

/** Other logs whose pushes are remembered. */
const maxForeignLogs = 100

/** Where a process is: on which log, in which of its histories, and how far it has read. */
export function createFollowerPosition(start: Cursor | undefined) {
  let cursor = start
  let log = 0
  let terms: readonly Term[] = []
  let highest = 0
  const foreignLogs = new Set<number>()

  return {
    /** Undefined before the first page. */
    get cursor() {
      return cursor
    },
    get log() {
      return log
    },
    get terms() {
      return terms
    },

    /** The place, for a comparison with the log's own history. */
    describe: (at: Cursor): FollowerPlace => ({ log, terms, cursor: at, highest }),

    /** Whether the page belongs to the history that is read here, or continues it. */
    isOnHistoryOf(page: LogPage): boolean {
      if (cursor === undefined || terms.length === 0) return true
      if (page.log !== log) return false
      return containsCursor(terms, page.cursor) || containsCursor(page.history?.terms ?? [], cursor)
    },

    /** A record at this position was applied. */
    noteApplied(position: number): void {
      highest = Math.max(highest, position)
    },

    /** Moves to the end of a page that was applied. Returns whether the history has changed. */
    moveTo({ log: id, cursor: next, history }: LogPage): boolean {
      const isNewHistory =
        history !== undefined && (cursor === undefined || containsCursor(history.terms, cursor))
      if (isNewHistory) {
        log = id
        terms = history.terms
      }
      if (cursor === undefined || next.position >= cursor.position) cursor = next
      highest = Math.max(highest, next.position)
      return isNewHistory
    },

    /** Moves to the end of a push that was applied. */
    advanceTo(next: Cursor): void {
      cursor = next
    },

    /** Continues on another history: at a cursor that both have in common, or from its beginning. */
    restartAt(common: Cursor | undefined, page: LogPage): void {
      cursor = common
      highest = common?.position ?? 0
      log = page.log
      terms = page.history?.terms ?? []
    },

    /** Whether no push of this other log has arrived before: the log may have been created again. */
    isFirstPushOf(id: number): boolean {
      if (foreignLogs.has(id)) return false
      if (foreignLogs.size >= maxForeignLogs) foreignLogs.clear()
      foreignLogs.add(id)
      return true
    },
  }
}

export type FollowerPosition = ReturnType<typeof createFollowerPosition>
