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

/** How far a follower has read: a position, and the term of the log in which it was read. */
export interface Cursor {
  readonly position: number
  /** {@link Term.id}. Positions of different histories cannot be compared. */
  readonly term: number
}

/**
 * A stretch of the log that one incarnation of a server has written, as an epoch of a leader in Kafka or a term in Raft. A
 * server that was promoted or restarted begins another one.
 */
export interface Term {
  /** A random whole number from 1 to 2^48 - 1. */
  readonly id: number
  /** The last position that the server found when it began: in this history, the term before ends there. */
  readonly from: number
  /** Identifies the incarnation of the server; empty if that is not known. */
  readonly server: string
}

/** The past of a log. */
export interface LogHistory {
  /** In order; the last one is the present. At most {@link maxTerms}. */
  readonly terms: readonly Term[]
  /**
   * Parts of other histories whose records were lost and are all on this log again: those of a term, up to a position. At
   * most {@link maxTerms}.
   */
  readonly reissued: readonly Cursor[]
  /**
   * The `tagSeparator` of the process that began the log, or that cleared it last. Undefined if it gave none, and from a store
   * that does not record it.
   */
  readonly tagSeparator?: string | undefined
}

/** The log's answer to a follower. */
export interface LogPage {
  /** Identifies the log: a random whole number from 1 to 2^48 - 1, new whenever the log has lost its head or part of its records. */
  readonly log: number
  /** The follower's cursor after applying {@link LogPage.records}. */
  readonly cursor: Cursor
  /** The log's last position. */
  readonly position: number
  /** All records after the follower's cursor, in order of position. Empty if the cursor is not known. */
  readonly records: readonly LogRecord[]
  /** Invalidations before this position are unknown: entries older than it are dead. */
  readonly floor: number
  /** Key records before this position were removed: a follower whose cursor is behind it drops its local entries. */
  readonly keysFloor: number
  /**
   * Whether the follower's cursor is part of this history: its term is in the list, and its position is not beyond the
   * beginning of the next term. If not, the log has lost records that the follower saw.
   */
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
  /** Set unless the follower's cursor belongs to the present term. */
  readonly history: LogHistory | undefined
  /**
   * Key records due for removal, oldest first, in whole positions. The receiver deletes the entries they invalidate, then
   * calls {@link InvalidationLog.forgetKeys}. Given to one process at a time.
   */
  readonly overdue: readonly LogRecord[]
}

/** Where records that the log has lost are appended again. */
export interface Reissue {
  /** The term that they are meant for. In any other term, nothing happens. */
  readonly term: number
  /** The new position lies above this one, the highest position of the lost records, if that is not absurdly far ahead. */
  readonly above: number
  /** The parts of lost histories that are complete with these records; empty while further calls follow. */
  readonly completes: readonly Cursor[]
}

/** The answer of {@link InvalidationLog.reissue}. */
export interface Reissued {
  /** `false` if another term has begun. */
  readonly accepted: boolean
  /** {@link LogHistory.reissued}. */
  readonly reissued: readonly Cursor[]
}

/** An append as it is pushed to followers. */
export interface LogMessage {
  /** {@link LogPage.log}: pushes of another log may arrive as well. */
  readonly log: number
  /** The cursor before this append. A follower with another cursor has missed records and syncs. */
  readonly previous: Cursor
  readonly cursor: Cursor
  readonly records: readonly LogRecord[]
}

/**
 * The totally ordered log of all invalidations of a cache.
 * Contract: positions strictly increase within a history; a page omits no record between two cursors; a loss of records may
 * raise the floor and is never hidden (`known`); an answer belongs to its call, or the call rejects.
 */
export interface InvalidationLog {
  /** `true` if pushes can be neither late nor lost (a log in the same process). */
  readonly immediate: boolean
  /** One round trip: all records after the cursor `after`, or from the beginning if it is undefined. */
  sync(after: Cursor | undefined): Promise<LogPage>
  /**
   * Appends all, up to {@link maxRecordsPerPosition} under one new position, and answers like {@link InvalidationLog.sync}.
   * The last of the records has the page's last position.
   */
  append(invalidations: readonly Invalidation[], after: Cursor | undefined): Promise<LogPage>
  /** One round trip: appends at most {@link maxRecordsPerPosition} records again that the log has lost. */
  reissue(invalidations: readonly Invalidation[], target: Reissue): Promise<Reissued>
  /** Removes these key records unless newer ones replaced them, and raises `keysFloor` to the last of them. */
  forgetKeys(records: readonly LogRecord[]): Promise<void>
  /**
   * Pushes each append to `onMessage` until the returned function is called, and calls `onDoubt` if pushes may have been
   * missed. Both may be called before `follow` returns.
   */
  follow(onMessage: (message: LogMessage) => void, onDoubt: () => void): () => void
}

/** Maximum number of records at one position, so that a page always has space for a whole position. */
export const maxRecordsPerPosition = 1_000

/** Maximum number of terms that a log remembers, and of reissued parts. */
export const maxTerms = 32

/**
 * How far a position may be ahead of the log's clock, in µs: one day. The clock of a server may be wrong and be set right;
 * what lies further ahead is forged or broken.
 */
export const maxPositionLead = 86_400_000_000
