/** The fields of a session: for the JSON of each name, that of its value. */
export type Fields = ReadonlyMap<string, string>

/** A field that changed, by the JSON of its name: JSON before and after; undefined if it was not there, or was removed. */
export interface FieldChange {
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** A session as a store keeps it, without its fields. Times in ms since the epoch, of the store's clock. */
export interface SessionRecord {
  readonly user: string | undefined
  readonly label: string | undefined
  readonly createdAt: number
  readonly lastUsedAt: number
}

export interface StoredSession extends SessionRecord {
  readonly fields: Fields
}

/** A session to be written. */
export interface NewSession {
  readonly user: string | undefined
  readonly label: string | undefined
  /** The begin of the absolute end's time, of a session that goes on under another id. @defaultValue now */
  readonly createdAt: number | undefined
  /** When it was added to the index of its user, of the store's clock; undefined if that comes later, and without a user. */
  readonly enrolledAt?: number | undefined
  readonly fields: Fields
  /** Whether a session that lives already keeps its fields. @defaultValue false */
  readonly onlyIfNew?: boolean | undefined
  /** Whether the handle is that of an id which was just made, so that nothing has it. @defaultValue false */
  readonly hasNewHandle?: boolean | undefined
}

/** The reply of a session that does not live: it may go on under another handle. */
export type NotLive = { readonly state: 'ended' } | { readonly state: 'renewed'; readonly successor: string }

/** The rule of a save for a field that another call has changed since it was read, to something else. */
export type ConflictRule =
  /** Writes it all the same. */
  | 'last'
  /** Writes nothing at all. */
  | 'refuse'
  /** Leaves that field as it is, and writes the others. */
  | 'keep'

export type SaveReply = NotLive | { readonly state: 'saved' } | { readonly state: 'conflict' }
export type EndReply = NotLive | { readonly state: 'live'; readonly session: StoredSession }

/** The end of a session, and the handle under which it goes on, if it does. */
export interface SessionEnd {
  readonly handle: string
  readonly successor?: string | undefined
}

/**
 * Where sessions are kept, by handle: the digest of an id. A session that has ended leaves a tombstone, which refuses every
 * write to its handle for longer than any request runs.
 */
export interface SessionStore {
  /** The session, which counts as used now. */
  read(handle: string): Promise<StoredSession | undefined>
  /** Several sessions without their fields, which does not count as a use. In the order of the handles. */
  inspect(handles: readonly string[]): Promise<readonly (SessionRecord | undefined)[]>
  /**
   * Writes a session; one that lives already gets these fields instead of its own. Resolves to its time of creation, or to
   * undefined if it has ended already, or if its user was enrolled too long ago to be sure that it has not.
   */
  write(handle: string, session: NewSession): Promise<number | undefined>
  /** Writes fields of a session that lives. @param onConflict the application's choice by default */
  save(handle: string, changes: readonly FieldChange[], onConflict?: ConflictRule): Promise<SaveReply>
  /**
   * Ends a session, or one that is yet to be written. With a successor, later saves learn where the session goes on.
   * Resolves to what it was before.
   */
  end(end: SessionEnd): Promise<EndReply>
  endMany(ends: readonly SessionEnd[]): Promise<readonly EndReply[]>
  /** Adds a session to those of its user. Resolves to the time and the number of sessions. */
  enroll(user: string, handle: string, createdAt: number | undefined): Promise<Enrollment>
  /** The sessions of a user, the oldest first: also those that ended by themselves, and those that are yet to be written. */
  listOfUser(user: string): Promise<readonly EnrolledSession[]>
  withdraw(user: string, handles: readonly string[]): Promise<void>
  /** The number of sessions that live. */
  count(): Promise<number>
}

/** The reply of an enrollment. */
export interface Enrollment {
  readonly at: number
  readonly count: number
}

/** A session in the index of its user. */
export interface EnrolledSession {
  readonly handle: string
  readonly createdAt: number
}

/** The rules of time that a store applies, in ms. */
export interface SessionTimes {
  readonly idle: number
  readonly absolute: number
  /** A use within this time of the last one is not recorded: sessions may live longer than `idle` by it. */
  readonly precision: number
}

/** How long a tombstone refuses writes, in ms: longer than any request runs. */
export const tombstoneLife = 3_600_000

/** How long after its enrollment a session may be written, in ms: well before its tombstone would have expired. */
export const longestEnrollment = 600_000
