import { LarderError } from '@larder/core'
import type { Sessions } from '../sessions'
import type { RequestSession } from './request-session'

/** The sessions of a request, by the sessions that they are of. The last one was loaded last. */
const sessionsByRequest = new WeakMap<object, Map<object, unknown>>()

/** Keeps the session of a request for `sessionOf`. */
export function attachSession<T extends object>(
  request: object,
  sessions: Sessions<T>,
  session: RequestSession<T>,
): void {
  const attached = sessionsByRequest.get(request) ?? new Map<object, unknown>()
  attached.delete(sessions)
  sessionsByRequest.set(request, attached.set(sessions, session))
}

/**
 * The session of a request. With `sessions`, its data has their type, and an application with several sessions finds the right
 * one.
 *
 * @example
 * ```ts
 * const { data, user } = sessionOf(req, sessions)
 * ```
 * @throws LarderError `BAD_ARGUMENT` if `loadSessions` of these sessions did not see the request.
 */
export function sessionOf<T extends object = Record<string, unknown>>(
  request: object,
  sessions?: Sessions<T>,
): RequestSession<T> {
  const attached = sessionsByRequest.get(request)
  const session = sessions === undefined ? [...(attached?.values() ?? [])].at(-1) : attached?.get(sessions)
  if (session !== undefined) return session as RequestSession<T>
  throw new LarderError(
    'BAD_ARGUMENT',
    'sessionOf: this request has no session. Install loadSessions before the routes, and pass the request that it was given.',
  )
}
