/** The target of an invalidation: entries with a tag, the entry of one key, all entries, or an edge of the tag graph. */
export type InvalidationScope = 'tag' | 'key' | 'all' | 'link' | 'unlink'

/** `hard`: the entry is never served again. `soft`: it may be served as stale while a new value is computed. */
export type InvalidationMode = 'hard' | 'soft'

/** An invalidation to which the log has not assigned a position yet. */
export interface Invalidation {
  readonly scope: InvalidationScope
  readonly mode: InvalidationMode
  /** The tag or the key; empty for `all`; `child` + NUL + `parent` for `link` and `unlink`. */
  readonly name: string
}

/** An invalidation with its position in the log. */
export interface LogRecord extends Invalidation {
  /** Assigned by the log, strictly increasing: microseconds of the log's clock, or one more than the last position. */
  readonly position: number
}

/** How far a follower has read: a position, and the nonce of the record at it. */
export interface Cursor {
  readonly position: number
  /** Distinguishes two histories that assigned the same position to different records (after a failover). */
  readonly nonce: string
}

/** The log's answer to a follower. */
export interface LogPage {
  /** The follower's cursor after applying {@link LogPage.records}. */
  readonly cursor: Cursor
  /** All records after the follower's cursor, in order of position. */
  readonly records: readonly LogRecord[]
  /** Invalidations before this position are unknown: entries older than it are dead. */
  readonly floor: number
  /** Key records before this position were removed: a follower whose cursor is behind it drops its local entries. */
  readonly keysFloor: number
  /** Whether the follower's cursor is part of this history. If not, the log has lost records that the follower saw. */
  readonly known: boolean
  /** Whether further pages follow. */
  readonly more: boolean
  /** The log's clock: milliseconds since the epoch. */
  readonly now: number
  /**
   * When this server took over the log, in ms on its own clock; 0 if it always had it. After a failover it may lack the
   * latest records until followers have reissued them.
   */
  readonly tookOverAt: number
  /**
   * Key records due for removal, oldest first, in whole positions. The receiver deletes the entries they invalidate, then
   * calls {@link InvalidationLog.forgetKeys}. Given to one process at a time.
   */
  readonly overdue: readonly LogRecord[]
}

/** The answer of {@link InvalidationLog.append}: a page that ends with the new records. */
export interface Appended extends LogPage {
  /** The position assigned to the appended records. */
  readonly position: number
}

/** An append as it is pushed to followers. */
export interface LogMessage {
  /** The cursor before this append. A follower with another cursor has missed records and syncs. */
  readonly previous: Cursor
  readonly cursor: Cursor
  readonly records: readonly LogRecord[]
}

/**
 * The totally ordered log of all invalidations of a cache.
 * Contract: positions strictly increase; a page omits no record between two cursors; a loss of records may raise the floor
 * and is never hidden (`known`).
 */
export interface InvalidationLog {
  /** `true` if pushes can be neither late nor lost (a log in the same process). */
  readonly immediate: boolean
  /** One round trip: all records after the cursor `after`, or from the beginning if it is undefined. */
  sync(after: Cursor | undefined): Promise<LogPage>
  /** One round trip: appends all under one new position, and answers like {@link InvalidationLog.sync}. */
  append(invalidations: readonly Invalidation[], after: Cursor | undefined): Promise<Appended>
  /**
   * Appends records again that the log has lost. The new position lies above `lost`; records that the log itself made
   * within `window` ms before `lost` are repeated there as well.
   */
  reissue(invalidations: readonly Invalidation[], lost: Cursor, window: number): Promise<Appended>
  /** Removes these key records unless newer ones replaced them, and raises `keysFloor` to the last of them. */
  forgetKeys(records: readonly LogRecord[]): Promise<void>
  /**
   * Pushes each append to `onMessage` until the returned function is called, and calls `onDoubt` if pushes may have been
   * missed. Both may be called before `follow` returns.
   */
  follow(onMessage: (message: LogMessage) => void, onDoubt: () => void): () => void
}
