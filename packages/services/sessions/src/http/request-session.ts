import type { SaveResult, Session } from '../session'
import type { Sessions } from '../sessions'
import type { SessionCookie } from './cookie-options'
import { formatCookie, formatRemoval, readId } from './signed-cookie'

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
  /** Saves the session. Resolves to the value of `Set-Cookie`, if there is one. */
  commit(): Promise<string | undefined>
}

/** Loads the session that a `Cookie` field names. */
export async function openRequest<T extends object>(
  sessions: Sessions<T>,
  cookie: SessionCookie,
  field: string | undefined,
): Promise<SessionRequest<T>> {
  const receivedId = readId(cookie, field)
  let stored: Session<T> | undefined = receivedId === undefined ? undefined : await sessions.read(receivedId)
  let sentId = stored?.id
  let isRevoked = false

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
    if (isRevoked || Object.keys(session.data).length === 0) return 'unchanged'
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
    data: stored?.data ?? ({} as T),
    save,
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
      session.data = {} as T
      return wasLive
    },
  }

  return {
    session,
    async commit() {
      await save()
      const id = stored?.id
      if (id === sentId) return undefined
      sentId = id
      return id === undefined ? formatRemoval(cookie) : formatCookie(cookie, id)
    },
  }
}
