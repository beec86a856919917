import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createRequestListener } from '@remix-run/node-fetch-server'

/** Answers a web-standard request. */
export type WebHandler = (request: Request) => Response | Promise<Response>

/**
 * A handler of web-standard requests as one of `(req, res)`, such as Express mounts: it sees the path below the one
 * where it is mounted, and bodies also where something before it has parsed them as JSON.
 *
 * @example
 * ```ts
 * app.use('/larder', webHandler(adminHandler({ caches: cache, authorize })))
 * ```
 */
export function webHandler(handle: WebHandler): (req: IncomingMessage, res: ServerResponse) => void {
  const listener = createRequestListener(async (request) => handle(request))
  return (req, res) => void listener(unread(req), res)
}

/** What a parser has read from a request cannot be read again, so it is written down again. */
function unread(req: IncomingMessage & { readonly body?: unknown }): IncomingMessage {
  if (req.body === undefined || !req.readableEnded) return req
  const { method, url, headers, rawHeaders, socket } = req
  const body = Readable.from([Buffer.from(JSON.stringify(req.body))])
  return Object.assign(body, { method, url, headers, rawHeaders, socket }) as unknown as IncomingMessage
}
