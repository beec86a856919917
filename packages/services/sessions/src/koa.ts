import { attachSession } from './http/attached-sessions'
import type { SessionCookieOptions } from './http/cookie-options'
import { refusalOf } from './http/refusal'
import { createRequestOpener } from './http/request-session'
import { type SessionResponse, saveBeforeHead } from './http/save-before-head'
import { isUnavailable } from './is-unavailable'
import type { Sessions } from './sessions'

export { sessionOf } from './http/attached-sessions'
export type { RequestSession } from './http/request-session'
export type { SessionCookieOptions }

/** The part of a Koa context that is used. */
interface KoaContext {
  readonly req: { readonly headers: { readonly cookie?: string | undefined } }
  readonly res: SessionResponse
  status: number
  body: unknown
  set(fields: Record<string, string>): void
}

/**
 * A middleware for Koa: loads the session of each request for `sessionOf`, and saves it before the response is sent.
 *
 * @example
 * ```ts
 * app.use(loadSessions(sessions, { secrets: [process.env.SESSION_SECRET] }))
 * app.use((ctx) => {
 *   ctx.body = { user: sessionOf(ctx, sessions).user }
 * })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function loadSessions<T extends object>(
  sessions: Sessions<T>,
  options: SessionCookieOptions,
): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown> {
  const openRequest = createRequestOpener(sessions, options)

  async function load(context: KoaContext): Promise<void> {
    const request = await openRequest(context.req.headers.cookie)
    attachSession(context, sessions, request.session)
    saveBeforeHead(context.res, request)
  }
  return async (context, next) => {
    try {
      await load(context)
    } catch (error) {
      if (!isUnavailable(error)) throw error
      return setRefusal(context, error)
    }
    return next()
  }
}

function setRefusal(context: KoaContext, error: unknown): void {
  const { status, fields, body } = refusalOf(error)
  context.status = status
  context.body = body
  context.set(Object.fromEntries(fields))
}
