/** What an invalidation hits: entries with a tag, the entry of one key, everything, or the shape of the tag graph. */
export type InvalidationScope = 'tag' | 'key' | 'all' | 'link' | 'unlink'

/** `hard`: never served again. `soft`: may still be served as stale while a new value is computed. */
export type InvalidationMode = 'hard' | 'soft'

/** One thing to invalidate, before the log has given it a position. */
export interface Invalidation {
  readonly scope: InvalidationScope
  readonly mode: InvalidationMode
  /** The tag or the key; empty for `all`; `child` + NUL + `parent` for `link` and `unlink`. */
  readonly name: string
}

/** An invalidation with its place in the one order. */
export interface LogRecord extends Invalidation {
  /** Strictly increasing, given by the log: microseconds of the log's own clock, or one more than the last. */
  readonly position: number
}

/** How far a follower has read: a position, and the nonce of the record there. */
export interface Cursor {
  readonly position: number
  /** Tells two histories apart that gave the same position to different records (after a failover). */
  readonly nonce: string
}

/** What the log answers to a follower. */
export interface LogPage {
  /** Where the follower stands after applying {@link LogPage.records}. */
  readonly cursor: Cursor
  /** Everything after the follower's own cursor, in order of position. */
  readonly records: readonly LogRecord[]
  /** Nothing is known of what was invalidated before this position: older entries are dead. */
  readonly floor: number
  /** Records of single keys before this position are gone; a follower that was behind it drops its local copies. */
  readonly keysFloor: number
  /** Whether the follower's cursor is part of this history. If not, the log has lost what the follower saw. */
  readonly known: boolean
  /** Whether there is more to read than one page holds. */
  readonly more: boolean
  /** The log's own clock: milliseconds since the epoch. */
  readonly now: number
  /**
   * Since when the server at hand keeps the log, on its own clock in ms; 0 if it always did. One that has just taken over
   * from another may lack the latest records until those who saw them have told it.
   */
  readonly tookOverAt: number
  /**
   * Oldest first and whole positions, records of keys that the log would like to forget. Whoever is handed them makes sure that the entries
   * they end are gone, and then says so with {@link InvalidationLog.forgetKeys}. Handed to one asker at a time.
   */
  readonly overdue: readonly LogRecord[]
}

/** What {@link InvalidationLog.append} answers: a page that ends with the new records. */
export interface Appended extends LogPage {
  /** The position that the appended records got. */
  readonly position: number
}

/** One append as it is pushed to followers. */
export interface LogMessage {
  /** The cursor before this append; a follower elsewhere has missed something and syncs. */
  readonly previous: Cursor
  readonly cursor: Cursor
  readonly records: readonly LogRecord[]
}

/**
 * The one ordered record of everything that was ever invalidated in a cache.
 * Contract: positions strictly increase; a page misses nothing between two cursors; losing any part of the
 * log may raise the floor, and never hides a loss (`known`).
 */
export interface InvalidationLog {
  /** `true` where a push can neither be late nor get lost (a log in the same process). */
  readonly immediate: boolean
  /** One round trip: everything after `after`; from the very start if it is undefined. */
  sync(after: Cursor | undefined): Promise<LogPage>
  /** One round trip: appends under one new position and answers like {@link InvalidationLog.sync}. */
  append(invalidations: readonly Invalidation[], after: Cursor | undefined): Promise<Appended>
  /**
   * Repeats what a log that lost its latest records no longer knows. The new position lies above `lost`, and
   * whatever the log itself recorded within `window` ms before `lost` is repeated there too.
   */
  reissue(invalidations: readonly Invalidation[], lost: Cursor, window: number): Promise<Appended>
  /** Forgets these records of keys, where they are still the latest, and raises `keysFloor` to the last of them. */
  forgetKeys(records: readonly LogRecord[]): Promise<void>
  /** Pushes each append until the returned function is called. `onDoubt`: pushes may have been missed. */
  follow(onMessage: (message: LogMessage) => void, onDoubt: () => void): () => void
}
