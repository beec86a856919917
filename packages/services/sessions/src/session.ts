/** The result of `save`. */
export type SaveResult =
  /** The fields that changed are written. */
  | 'saved'
  /** No field differs from when the session was read. */
  | 'unchanged'
  /** The session has ended meanwhile, and nothing brings it back. */
  | 'ended'
  /** With `onConflict: 'refuse'`: another request changed one of these fields. Nothing is written. */
  | 'conflict'

/** The session of one client, as one request holds it. */
export interface Session<T extends object = Record<string, unknown>> {
  /** The secret that identifies the client: only for its cookie, never for logs. Another one after `renew`. */
  readonly id: string
  /** Names the session where its id must not appear. Nobody finds the id by it. */
  readonly handle: string
  readonly user: string | undefined
  readonly createdAt: Date
  /** Yours to change; `save` writes the fields that differ. JSON only. */
  data: T
  /**
   * Writes the fields that changed since the session was read, and no others: requests that change different fields at the
   * same time lose nothing.
   *
   * @throws LarderError `UNSERIALIZABLE_VALUE` or `VALUE_TOO_LARGE`; `STORE_…` if Redis does not answer.
   */
  save(): Promise<SaveResult>
  /**
   * Goes on under a new id, with the same data and what has changed of it. The old id is refused from now on, so an id that
   * an attacker has planted is worth nothing (session fixation). Call it at every login, with the user, and at every change of
   * rights. A login begins the session's absolute time again.
   *
   * @example
   * ```ts
   * await session.renew('user:42')
   * ```
   * @returns `ended` if the session had ended, unless this is a login: an ended session gets no new id.
   * @throws LarderError `BAD_ARGUMENT` for an empty user; `STORE_…` if Redis does not answer.
   */
  renew(user?: string): Promise<'renewed' | 'ended'>
  /** Ends the session, as `sessions.revoke` does. */
  revoke(): Promise<boolean>
}
