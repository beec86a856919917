import { LarderError } from '@larder/core'
import type { RequestSession } from './request-session'

const sessionByRequest = new WeakMap<object, unknown>()

/** Keeps the session of a request for `sessionOf`. */
export function attachSession(request: object, session: unknown): void {
  sessionByRequest.set(request, session)
}

/**
 * The session of a request.
 *
 * @example
 * ```ts
 * const { data, user } = sessionOf<{ cart: string[] }>(req)
 * ```
 * @throws LarderError `BAD_ARGUMENT` if `loadSessions` did not see the request.
 */
export function sessionOf<T extends object = Record<string, unknown>>(request: object): RequestSession<T> {
  const session = sessionByRequest.get(request)
  if (session !== undefined) return session as RequestSession<T>
  throw new LarderError(
    'BAD_ARGUMENT',
    'sessionOf: this request has no session. Install loadSessions before the routes, and pass the request that it was given.',
  )
}
