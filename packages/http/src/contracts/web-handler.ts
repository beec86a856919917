import { endToEnd, type Fields, replaced } from '../fields/fields'
import type { Answer, Handler, HandlerRun, Larder, OriginResponse } from './handler'

/** A handler that answers web-standard requests with web-standard responses. */
export type WebHandler = (request: Request, larder: Larder) => Response | Promise<Response>

/** Puts such a handler behind the cache for one request. `take` gets the response that goes to the client. */
export function fromWebHandler(
  request: Request,
  handle: WebHandler,
  take: (response: Response) => void,
  rerun: WebHandler | undefined,
): Handler {
  const runWith = async (run: HandlerRun, other: WebHandler, deliver: (response: Response) => void) =>
    originResponse(await other(changed(request, run.changes), run.larder), deliver)
  return {
    run: (run) => runWith(run, handle, take),
    pass: async (larder) => take(await handle(request, larder)),
    rerun: rerun && ((run) => runWith(run, rerun, () => undefined)),
  }
}

/** The answer as a web-standard response; `passed` is what `take` was given. */
export function toWebResponse(answer: Answer, passed: Response | undefined): Response {
  if (answer.from === 'store')
    return new Response(answer.body as Uint8Array<ArrayBuffer> | undefined, {
      status: answer.status,
      headers: answer.fields as [string, string][],
    })
  return passed ?? new Response(undefined, { status: 500 })
}

function changed(request: Request, changes: HandlerRun['changes']): Request {
  if (Object.keys(changes).every((name) => (request.headers.get(name) ?? undefined) === changes[name]))
    return request
  const headers = new Headers(request.headers)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  return new Request(request, { headers })
}

function originResponse(response: Response, deliver: (response: Response) => void): OriginResponse {
  const fields: Fields = [...response.headers]
  let copy: BodyCopy | undefined
  return {
    status: response.status,
    fields: endToEnd(fields),
    keep(limit) {
      copy = copyBody(response.body, limit)
      return copy.whole
    },
    pass(changes) {
      if (copy === undefined && changes.length === 0) return deliver(response)
      const headers = replaced(fields, changes) as [string, string][]
      const { status, statusText } = response
      deliver(new Response(copy === undefined ? response.body : copy.stream, { status, statusText, headers }))
    },
    drop: () => void response.body?.cancel().catch(() => undefined),
  }
}

interface BodyCopy {
  /** The body, for the client to read: at its speed, and as far as it wants. */
  readonly stream: ReadableStream<Uint8Array> | null
  readonly whole: Promise<Uint8Array | undefined>
}

/** Copies a body while the client reads it. */
function copyBody(body: ReadableStream<Uint8Array> | null, limit: number): BodyCopy {
  if (body === null) return { stream: null, whole: Promise.resolve(new Uint8Array()) }
  const reader = body.getReader()
  let chunks: Uint8Array[] | undefined = []
  let size = 0
  let finish: (whole: Uint8Array | undefined) => void = () => undefined
  const whole = new Promise<Uint8Array | undefined>((resolve) => {
    finish = resolve
  })
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          return finish(chunks && joined(chunks, size))
        }
        size += value.length
        if (size > limit) {
          chunks = undefined
          finish(undefined)
        }
        chunks?.push(value.slice())
        controller.enqueue(value)
      } catch (error) {
        finish(undefined)
        controller.error(error)
      }
    },
    cancel(reason) {
      finish(undefined)
      return reader.cancel(reason)
    },
  })
  return { stream, whole }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
