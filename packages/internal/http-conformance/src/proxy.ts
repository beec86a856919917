import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

/** Hop-by-hop fields, which a proxy does not forward (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** One connection per request: some of the origin's responses end only when the connection closes. */
const agent = new Agent({ keepAlive: false })

/** Sends interim (1xx) responses to the client. */
type Interim = Pick<ServerResponse, 'writeProcessing' | 'writeEarlyHints'>

/** A handler that forwards a request to the suite's origin, and its response back, without hop-by-hop fields. */
export function forwardRequest(origin: URL, target: string, req: IncomingMessage, res: ServerResponse): void {
  const upstream = openUpstream(origin, target, req.method ?? 'GET', req.headers, res)
  let received: IncomingMessage | undefined
  upstream.on('response', (response) => {
    received = response
    res.statusCode = response.statusCode ?? 502
    res.statusMessage = response.statusMessage ?? ''
    for (const [name, value] of Object.entries(endToEndHeaders(response.headers))) res.setHeader(name, value)
    response.on('error', () => response.complete || res.destroy())
    response.pipe(res)
  })
  upstream.on('error', () => {
    // Bytes after a complete response, from a wrong length, do not invalidate it.
    if (received?.complete) return
    if (received === undefined) res.writeHead(502, { 'content-type': 'text/plain' }).end('Bad Gateway')
    else res.destroy()
  })
  const hasBody =
    req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
  if (hasBody) req.pipe(upstream)
  else upstream.end()
}

/** The same for web-standard requests. */
export async function forwardWebRequest(origin: URL, req: Request, interim: Interim): Promise<Response> {
  const { pathname, search } = new URL(req.url)
  const body = req.body === null ? undefined : Buffer.from(await req.arrayBuffer())
  return new Promise((resolve) => {
    const upstream = openUpstream(
      origin,
      pathname + search,
      req.method,
      Object.fromEntries(req.headers),
      interim,
    )
    upstream.on('response', (response) => resolve(toWebResponse(response)))
    upstream.on('error', () => resolve(new Response('Bad Gateway', { status: 502 })))
    upstream.end(body)
  })
}

function toWebResponse(response: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '' } = response
  const headers = new Headers()
  for (const [name, value] of Object.entries(endToEndHeaders(response.headers)))
    for (const line of [value].flat()) headers.append(name, line)
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) response.resume()
  const body = isEmpty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>)
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, { status, statusText, headers })
}

function openUpstream(
  origin: URL,
  target: string,
  method: string,
  headers: IncomingHttpHeaders,
  interim: Interim,
): ClientRequest {
  const { hostname: host, port } = origin
  const upstream = request({ host, port, method, path: target, headers: endToEndHeaders(headers), agent })
  upstream.on('information', ({ statusCode, headers: fields }) => {
    if (statusCode === 102) interim.writeProcessing()
    if (statusCode === 103) interim.writeEarlyHints(fields as Record<string, string>)
  })
  return upstream
}

function endToEndHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const connectionOptions = new Set(
    (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()),
  )
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || hopByHop.has(name) || connectionOptions.has(name) ? [] : [[name, value]],
    ),
  )
}
