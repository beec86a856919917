import { LarderError } from '@larder/core'
import { createConflictError } from '../conflict-error'
import type { Session } from '../session'
import type { Sessions } from '../sessions'

/** Options of a store for another session library. */
export interface SessionStoreOptions {
  /**
   * The user of a session's data: for `revokeAll` and `listByUser`. Regenerate the session at a login all the same, as the
   * libraries advise: an id that an attacker has planted is worth nothing then. @defaultValue no user
   */
  readonly userOf?: ((data: Readonly<Record<string, unknown>>) => string | undefined) | undefined
}

type Data = Record<string, unknown>

/**
 * The calls of a library's store, by promises.
 * @throws LarderError `BAD_OPTION` for sessions with a schema: the libraries keep their own fields in the data.
 */
export function createStoreCalls(sessions: Sessions, { userOf }: SessionStoreOptions = {}) {
  if (sessions.schema !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      'sessionStore takes sessions without a schema: the library keeps the fields of its cookie in the data. Write loadSessions of @larder/sessions/express or /fastify instead.',
    )
  /** The sessions that objects were made of. */
  const origins = new WeakMap<object, Session>()

  return {
    async read(id: string): Promise<Data | null> {
      const found = await sessions.read(id)
      if (found === undefined) return null
      origins.set(found.data, found)
      return found.data
    },

    /** `session` was made of `data`, which `read` had returned: only the fields that differ will be written. */
    followOrigin(data: object, session: object): void {
      const origin = origins.get(data)
      if (origin !== undefined) origins.set(session, origin)
    },

    /**
     * Writes the fields that differ, of a session whose origin is known, and all fields of others, and of one that has got
     * another user.
     * @throws LarderError `SAVE_CONFLICT` if another request has changed the same fields, and `onConflict` is `refuse`.
     */
    async write(id: string, session: object): Promise<void> {
      const data = JSON.parse(JSON.stringify(session)) as Data
      const origin = origins.get(session)
      const user = userOf?.(data)
      const hasNewUser = user !== undefined && user !== origin?.user
      if (origin?.id !== id || hasNewUser) {
        await sessions.create(data, { id, user })
        return
      }
      origin.data = data
      if ((await origin.save()) === 'conflict') throw createConflictError()
    },

    async end(id: string): Promise<void> {
      await sessions.revoke(id)
    },
  }
}

/** Calls back outside of the promise, so that an exception of the callback is its own. */
export function callBack<T>(work: Promise<T>, callback: (error: unknown, result?: T) => void): void {
  work.then(
    (result) => process.nextTick(callback, null, result),
    (error) => process.nextTick(callback, error),
  )
}
