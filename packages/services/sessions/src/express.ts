import { attachSession } from './http/attached-sessions'
import type { SessionCookieOptions } from './http/cookie-options'
import { holdResponse, type NodeResponse } from './http/hold-response'
import { type Refusal, refusalOf, unsentResponse } from './http/refusal'
import { createRequestOpener, type SessionRequest } from './http/request-session'
import { isUnavailable } from './is-unavailable'
import type { Sessions } from './sessions'

export { sessionOf } from './http/attached-sessions'
export type { RequestSession } from './http/request-session'
export type { SessionCookieOptions }

/** The part of an Express request that is used. */
interface ExpressRequest {
  readonly headers: { readonly cookie?: string | undefined }
}

/** The part of an Express response that is used. */
interface ExpressResponse extends NodeResponse {
  readonly headersSent: boolean
  getHeaderNames(): string[]
  removeHeader(name: string): void
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
  destroy(): unknown
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
): (req: ExpressRequest, res: ExpressResponse | NoResponse, next: (error?: unknown) => void) => void {
  const openRequest = createRequestOpener(sessions, options)

  async function load(req: ExpressRequest, res: ExpressResponse | NoResponse): Promise<void> {
    const request = await openRequest(req.headers.cookie)
    attachSession(req, sessions, request.session)
    if (!isResponse(res)) return
    holdResponse(res, {
      beforeHead: () => commitTo(res, request),
      onError: (error) => failResponse(res, error),
    })
  }
  return (req, res, next) =>
    void load(req, res).then(
      () => next(),
      (error) => (isUnavailable(error) && isResponse(res) ? sendRefusal(res, refusalOf(error)) : next(error)),
    )
}

function isResponse(res: ExpressResponse | NoResponse): res is ExpressResponse {
  return 'setHeader' in res
}

/** Resolves to the function that sends another response, if the session could not be saved. */
async function commitTo<T extends object>(
  res: ExpressResponse,
  request: SessionRequest<T>,
): Promise<(() => void) | undefined> {
  try {
    const setCookie = await request.commit()
    if (setCookie !== undefined) res.appendHeader('Set-Cookie', setCookie)
    return undefined
  } catch (error) {
    return () => sendRefusal(res, refusalOf(error))
  }
}

/** Sends status 500, or breaks off a response whose head has been sent. */
function failResponse(res: ExpressResponse, error: unknown): void {
  process.emitWarning(`A response was not sent: ${error instanceof Error ? error.message : String(error)}`, {
    type: 'LarderWarning',
    code: 'LARDER_RESPONSE_LOST',
  })
  if (res.headersSent) res.destroy()
  else sendRefusal(res, unsentResponse)
}

function sendRefusal(res: ExpressResponse, { status, fields, body }: Refusal): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  res.statusCode = status
  for (const [name, value] of fields) res.setHeader(name, value)
  res.end(body)
}
