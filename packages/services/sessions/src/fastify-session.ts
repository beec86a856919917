import type { FastifySessionOptions } from '@fastify/session'
import { callBack, createStoreCalls, type SessionStoreOptions } from './http/store-calls'
import type { Sessions } from './sessions'

export type { SessionStoreOptions }

type SessionStore = NonNullable<FastifySessionOptions['store']>

/**
 * A store for @fastify/session. A session that was destroyed never comes back, whatever requests still hold it. The plugin
 * does not tell a store what a session was made of, so each save writes all fields: use `@larder/sessions/fastify` where
 * parallel requests change sessions. How long sessions live is decided by `idle` and `absolute` of `createSessions`.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ name: 'shop', url: 'redis://127.0.0.1:6379' })
 * await app.register(fastifySession, { store: sessionStore(sessions), secret })
 * ```
 */
export function sessionStore(sessions: Sessions, options?: SessionStoreOptions): SessionStore {
  const { read, write, end } = createStoreCalls(sessions, options)
  return {
    get: (id, callback) => callBack(read(id) as Promise<never>, callback),
    set: (id, session, callback) => callBack(write(id, session), callback),
    destroy: (id, callback) => callBack(end(id), callback),
  }
}
