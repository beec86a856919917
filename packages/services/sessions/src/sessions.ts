import type { Service, StandardSchemaV1 } from '@larder/core'
import type { Session } from './session'

/** Options of {@link Sessions.create}. */
export interface CreateSessionOptions {
  /** The user who has logged in. Without one, the session is anonymous. */
  readonly user?: string | undefined
  /** Shown in `listByUser`, such as `'Firefox on Linux'`. At most 200 characters. */
  readonly label?: string | undefined
  /**
   * The id, of a library that makes ids itself: at least 128 random bits. A session of this id that lives gets the new data; one
   * that has ended stays ended. @defaultValue 192 random bits
   */
  readonly id?: string | undefined
}

/** Options of {@link Sessions.revokeAll}. */
export interface RevokeAllOptions {
  /** The id of a session that stays, such as the one that changes the password. */
  readonly except?: string | undefined
}

/** A session in a list of devices. It cannot log anybody in: it has no id. */
export interface SessionView {
  /** For `revoke`, and to find the current one: `session.handle`. */
  readonly handle: string
  readonly label: string | undefined
  readonly createdAt: Date
  /** Accurate to a hundredth of `idle`, one minute at most. */
  readonly lastUsedAt: Date
}

/** The session of a user by its handle: one of another user is not ended. */
export interface UserSession {
  readonly user: string
  readonly handle: string
}

/** The work of one process since it started. */
export interface SessionsStats {
  readonly created: number
  /** Reads that found a session. */
  readonly found: number
  /** Reads that found none. */
  readonly missing: number
  /** Reads whose session does not fit the schema, also after `migrate`, and counts as none. */
  readonly unreadable: number
  readonly saved: number
  readonly conflicts: number
  readonly renewed: number
  /** Sessions that `revoke` and `revokeAll` ended, and those beyond `maxPerUser`. */
  readonly revoked: number
  /** Calls that failed because Redis did not answer. */
  readonly unavailable: number
  /** Whether Redis is asked: `closed` if it is, `open` or `half-open` during an outage. */
  readonly circuit: 'closed' | 'open' | 'half-open'
}

/** Sessions of clients. One that has ended never comes back, whatever requests still hold it. */
export interface Sessions<T extends object = Record<string, unknown>> extends AsyncDisposable {
  /**
   * Starts a session.
   *
   * @example
   * ```ts
   * const session = await sessions.create({ cart: [] }, { user: 'user:42' })
   * ```
   * @throws LarderError `UNSERIALIZABLE_VALUE` or `VALUE_TOO_LARGE` for the data, `BAD_ARGUMENT` for an empty user, `STORE_…` if
   * Redis does not answer.
   */
  create(data: T, options?: CreateSessionOptions): Promise<Session<T>>
  /**
   * The session of this id, which counts as used now; undefined if there is none, or its data does not fit the schema.
   * @throws LarderError `STORE_…` if Redis does not answer, unless `ifUnavailable` is `anonymous`.
   */
  read(id: string): Promise<Session<T> | undefined>
  /**
   * Ends one session everywhere, at once: by its id, or one of a user by its handle. Resolves to whether it lived.
   * @throws LarderError `STORE_…` if Redis does not answer; this process refuses the session all the same.
   */
  revoke(session: string | UserSession): Promise<boolean>
  /**
   * Ends all sessions of a user, also those of logins under way. Resolves to their number. Call it when a password changes.
   *
   * @example
   * ```ts
   * await sessions.revokeAll('user:42', { except: session.id })
   * ```
   * @throws LarderError `STORE_…` if Redis does not answer.
   */
  revokeAll(user: string, options?: RevokeAllOptions): Promise<number>
  /** The sessions of a user, the last used first. @throws LarderError `STORE_…` if Redis does not answer. */
  listByUser(user: string): Promise<readonly SessionView[]>
  /** The number of sessions that live, of all processes. @throws LarderError `STORE_…` if Redis does not answer. */
  count(): Promise<number>
  /** The schema of the data, if there is one. */
  readonly schema: StandardSchemaV1<unknown, T> | undefined
  /** These sessions as metrics and the admin API see them: `prometheusMetrics(cache, sessions.service)`. */
  readonly service: Service
  stats(): SessionsStats
  /** Ends the connection, unless the client belongs to the application. Sessions live on. */
  close(): Promise<void>
}
