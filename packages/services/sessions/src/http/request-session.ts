import { createConflictError } from '../conflict-error'
import type { SaveResult, Session } from '../session'
import { changesBetween, toData, toFields } from '../session-fields'
import type { Sessions } from '../sessions'
import type { Fields } from '../store/session-store'
import { resolveCookie, type SessionCookie, type SessionCookieOptions } from './cookie-options'
import { formatCookie, formatRemoval, readId } from './signed-cookie'
import { createVisitorFields } from './visitor-fields'

/**
 * The session of a request. Without a cookie it is empty and stored nowhere, and begins as soon as it has data at the end of
 * the request, or a user.
 */
export interface RequestSession<T extends object = Record<string, unknown>> {
  /** Undefined as long as it is stored nowhere. */
  readonly handle: string | undefined
  readonly user: string | undefined
  /** Yours to change: what differs is saved before the response is sent. JSON only. */
  data: T
  /** Saves at once, instead of before the response. */
  save(): Promise<SaveResult>
  /** Logs a user in, or goes on under a new id: see `Session.renew`. */
  renew(user?: string): Promise<'renewed' | 'ended'>
  /** Logs out: ends the session and removes the cookie. */
  revoke(): Promise<boolean>
}

/** A request with its session. */
export interface SessionRequest<T extends object> {
  readonly session: RequestSession<T>
  /**
   * Saves the session. Resolves to the value of `Set-Cookie`, if there is one.
   * @throws LarderError `SAVE_CONFLICT` if another request has changed the same fields, and the application does not know it.
   */
  commit(): Promise<string | undefined>
}

/**
 * Returns a function that loads the session which a `Cookie` field names.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function createRequestOpener<T extends object>(
  sessions: Sessions<T>,
  options: SessionCookieOptions,
): (field: string | undefined) => Promise<SessionRequest<T>> {
  const cookie = resolveCookie(options)
  const readVisitorFields = createVisitorFields(sessions)
  return async (field) => {
    const received = readId(cookie, field)
    const stored = received && (await sessions.read(received.id))
    // A cookie with an old signature is sent again, so that its secret can go.
    const sentId = received?.hasOldSignature ? undefined : stored?.id
    return openRequest({ sessions, cookie, visitorFields: await readVisitorFields(), stored, sentId })
  }
}

interface OpenedRequest<T extends object> {
  readonly sessions: Sessions<T>
  readonly cookie: SessionCookie
  readonly visitorFields: Fields
  readonly stored: Session<T> | undefined
  /** The id in the client's cookie. */
  readonly sentId: string | undefined
}

function openRequest<T extends object>(opened: OpenedRequest<T>): SessionRequest<T> {
  const { sessions, cookie, visitorFields } = opened
  let { stored, sentId } = opened
  let isRevoked = false
  let isConflictKnown = false

  async function begin(user?: string): Promise<void> {
    stored = await sessions.create(session.data, { user })
    session.data = stored.data
    isRevoked = false
  }

  async function save(): Promise<SaveResult> {
    if (stored !== undefined) {
      stored.data = session.data
      return stored.save()
    }
    const fields = toFields(session.data, Number.POSITIVE_INFINITY)
    if (isRevoked || changesBetween(visitorFields, fields).length === 0) return 'unchanged'
    await begin()
    return 'saved'
  }

  const session: RequestSession<T> = {
    get handle() {
      return stored?.handle
    },
    get user() {
      return stored?.user
    },
    data: stored?.data ?? toData<T>(visitorFields),
    async save() {
      const result = await save()
      isConflictKnown = result === 'conflict'
      return result
    },
    async renew(user) {
      if (stored !== undefined) {
        stored.data = session.data
        return stored.renew(user)
      }
      await begin(user)
      return 'renewed'
    },
    async revoke() {
      const wasLive = (await stored?.revoke()) ?? false
      stored = undefined
      isRevoked = true
      session.data = toData<T>(visitorFields)
      return wasLive
    },
  }

  return {
    session,
    async commit() {
      if ((await save()) === 'conflict' && !isConflictKnown) throw createConflictError()
      const id = stored?.id
      if (id === sentId) return undefined
      sentId = id
      return id === undefined ? formatRemoval(cookie) : formatCookie(cookie, id)
    },
  }
}
