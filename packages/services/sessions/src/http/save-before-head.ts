import { holdResponse, type NodeResponse } from './hold-response'
import { type Refusal, refusalOf, unsentResponse } from './refusal'
import type { SessionRequest } from './request-session'

/** The part of a Node response that is used. */
export interface SessionResponse extends NodeResponse {
  readonly headersSent: boolean
  getHeaderNames(): string[]
  end(body: string): unknown
  destroy(): unknown
}

/** Saves the session of a request, and sets its cookie, before the head of the response is sent: whoever sends it, errors too. */
export function saveBeforeHead<T extends object>(res: SessionResponse, request: SessionRequest<T>): void {
  holdResponse(res, {
    beforeHead: () => commitTo(res, request),
    onError: (error) => failResponse(res, error),
  })
}

/** Resolves to the function that sends another response, if the session could not be saved. */
async function commitTo<T extends object>(
  res: SessionResponse,
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
function failResponse(res: SessionResponse, error: unknown): void {
  process.emitWarning(`A response was not sent: ${error instanceof Error ? error.message : String(error)}`, {
    type: 'LarderWarning',
    code: 'LARDER_RESPONSE_LOST',
  })
  if (res.headersSent) res.destroy()
  else sendRefusal(res, unsentResponse)
}

/** Sends it in place of everything that the response has so far. */
export function sendRefusal(res: SessionResponse, { status, fields, body }: Refusal): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  res.statusCode = status
  for (const [name, value] of fields) res.setHeader(name, value)
  res.end(body)
}
