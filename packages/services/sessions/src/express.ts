import { attachSession } from './http/attached-sessions'
import type { SessionCookieOptions } from './http/cookie-options'
import { refusalOf } from './http/refusal'
import { createRequestOpener } from './http/request-session'
import { type SessionResponse, saveBeforeHead, sendRefusal } from './http/save-before-head'
import { isUnavailable } from './is-unavailable'
import type { Sessions } from './sessions'

export { sessionOf } from './http/attached-sessions'
export type { RequestSession } from './http/request-session'
export type { SessionCookieOptions }

/** The part of an Express request that is used. */
interface ExpressRequest {
  readonly headers: { readonly cookie?: string | undefined }
}

/** Stands in for the response to the request of an upgrade, which has none. */
type NoResponse = Readonly<Record<string, never>>

/**
 * A middleware for Express, or for anything that speaks `(req, res, next)`: loads the session of each request for `sessionOf`,
 * and saves it before the response is sent. For the request of an upgrade, as of a WebSocket, `res` is `{}`: nothing is saved
 * then, and `next` gets the error if the session cannot be read.
 *
 * @example
 * ```ts
 * app.use(loadSessions(sessions, { secrets: [process.env.SESSION_SECRET] }))
 * app.get('/', (req, res) => res.send(sessionOf(req, sessions).user))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function loadSessions<T extends object>(
  sessions: Sessions<T>,
  options: SessionCookieOptions,
): (req: ExpressRequest, res: SessionResponse | NoResponse, next: (error?: unknown) => void) => void {
  const openRequest = createRequestOpener(sessions, options)

  async function load(req: ExpressRequest, res: SessionResponse | NoResponse): Promise<void> {
    const request = await openRequest(req.headers.cookie)
    attachSession(req, sessions, request.session)
    if (isResponse(res)) saveBeforeHead(res, request)
  }
  return (req, res, next) =>
    void load(req, res).then(
      () => next(),
      (error) => (isUnavailable(error) && isResponse(res) ? sendRefusal(res, refusalOf(error)) : next(error)),
    )
}

function isResponse(res: SessionResponse | NoResponse): res is SessionResponse {
  return 'setHeader' in res
}
