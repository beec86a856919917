import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createRequestListener } from '@remix-run/node-fetch-server'
import { refusalOf } from './web-target'

/** A handler of web-standard requests. */
export type WebHandler = (request: Request) => Response | Promise<Response>

/**
 * Adapts a web-standard handler to `(req, res)`, as Express mounts it: the handler sees the path below its mount point.
 * It can read the body even if a JSON parser before it has consumed the stream. Requests whose host or path would be
 * another in a URL are refused with 400, and TRACE with 405.
 *
 * @example
 * ```ts
 * app.use('/larder', webHandler(adminHandler({ caches: cache, authorize })))
 * ```
 */
export function webHandler(handle: WebHandler): (req: IncomingMessage, res: ServerResponse) => void {
  const listener = createRequestListener(async (request) => handle(request))
  return (req, res) => {
    const refusal = refusalOf(req)
    if (refusal === undefined) return void listener(restoreBody(req), res)
    res.writeHead(refusal.status, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
    res.end(refusal.reason)
  }
}

/** A request whose consumed body can be read again: the parsed body, serialized as JSON. */
function restoreBody(req: IncomingMessage & { readonly body?: unknown }): IncomingMessage {
  if (req.body === undefined || !req.readableEnded) return req
  const { method, url, headers, rawHeaders, socket } = req
  const body = Readable.from([Buffer.from(JSON.stringify(req.body))])
  return Object.assign(body, { method, url, headers, rawHeaders, socket }) as unknown as IncomingMessage
}
