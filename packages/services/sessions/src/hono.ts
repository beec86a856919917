import { attachSession } from './http/attached-sessions'
import type { SessionCookieOptions } from './http/cookie-options'
import { type Refusal, refusalOf } from './http/refusal'
import { createRequestOpener } from './http/request-session'
import { isUnavailable } from './is-unavailable'
import type { Sessions } from './sessions'

export { sessionOf } from './http/attached-sessions'
export type { RequestSession } from './http/request-session'
export type { SessionCookieOptions }

/** The part of a Hono context that is used. */
interface HonoContext {
  readonly req: { header(name: string): string | undefined }
  res: Response
  header(name: string, value: string, options: { readonly append: boolean }): void
}

/**
 * A middleware for Hono: loads the session of each request for `sessionOf`, and saves it before the response is sent.
 *
 * @example
 * ```ts
 * app.use(loadSessions(sessions, { secrets: [process.env.SESSION_SECRET] }))
 * app.get('/', (c) => c.json({ user: sessionOf(c, sessions).user }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function loadSessions<T extends object>(
  sessions: Sessions<T>,
  options: SessionCookieOptions,
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  const openRequest = createRequestOpener(sessions, options)

  return async (context, next) => {
    const opened = await openRequest(context.req.header('cookie')).catch(toRefusal)
    if ('status' in opened) return toResponse(opened)
    attachSession(context, sessions, opened.session)
    await next()
    try {
      const setCookie = await opened.commit()
      if (setCookie !== undefined) context.header('Set-Cookie', setCookie, { append: true })
    } catch (error) {
      context.res = toResponse(refusalOf(error))
    }
    return undefined
  }
}

/** The response if Redis did not answer. Throws any other error. */
function toRefusal(error: unknown): Refusal {
  if (isUnavailable(error)) return refusalOf(error)
  throw error
}

function toResponse({ status, fields, body }: Refusal): Response {
  return new Response(body, { status, headers: fields.map(([name, value]) => [name, value]) })
}
