import session, { type SessionData, type Store } from 'express-session'
import { callBack, createStoreCalls, type SessionStoreOptions } from './http/store-calls'
import type { Sessions } from './sessions'

export type { SessionStoreOptions }

/**
 * A store for express-session. A session that was destroyed never comes back, whatever requests still hold it, and each
 * request writes only the fields that it has changed. How long sessions live is decided by `idle` and `absolute` of
 * `createSessions`; `cookie.maxAge` only tells the browser.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ name: 'shop', url: 'redis://127.0.0.1:6379' })
 * app.use(session({ store: sessionStore(sessions), secret, resave: false, saveUninitialized: false }))
 * ```
 */
export function sessionStore(sessions: Sessions, options?: SessionStoreOptions): Store {
  return new LarderStore(createStoreCalls(sessions, options))
}

type Callback = (error?: unknown) => void
type CreateSession = Store['createSession']

/** express-session asks for a subclass: it makes its sessions by `createSession`. */
class LarderStore extends session.Store {
  readonly #calls: ReturnType<typeof createStoreCalls>

  constructor(calls: ReturnType<typeof createStoreCalls>) {
    super()
    this.#calls = calls
  }

  override get(id: string, callback: (error: unknown, data?: SessionData | null) => void): void {
    callBack(this.#calls.read(id) as Promise<SessionData | null>, callback)
  }

  override createSession(...[request, data]: Parameters<CreateSession>): ReturnType<CreateSession> {
    const created = super.createSession(request, data)
    this.#calls.followOrigin(data, created)
    return created
  }

  override set(id: string, data: SessionData, callback: Callback = () => undefined): void {
    callBack(this.#calls.write(id, data), callback)
  }

  override destroy(id: string, callback: Callback = () => undefined): void {
    callBack(this.#calls.end(id), callback)
  }

  /** Does nothing: a session was used when it was read. */
  override touch(_id: string, _data: SessionData, callback: Callback = () => undefined): void {
    callback()
  }
}
