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

/** Fields about a connection, which a proxy does not pass on (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'],
])

/** The suite has its origin answer with transfer codings that last until the connection closes: none is used twice. */
const agent = new Agent({ keepAlive: false })

/** Interim answers go out at once. */
type Interim = Pick<ServerResponse, 'writeProcessing' | 'writeEarlyHints'>

/** Where an application would answer, this asks the suite's origin, and changes nothing but what concerns the connection. */
export function forward(origin: URL, target: string, req: IncomingMessage, res: ServerResponse): void {
  const upstream = open(origin, target, req.method ?? 'GET', req.headers, res)
  let answer: IncomingMessage | undefined
  upstream.on('response', (response) => {
    answer = response
    res.statusCode = response.statusCode ?? 502
    res.statusMessage = response.statusMessage ?? ''
    for (const [name, value] of Object.entries(endToEnd(response.headers))) res.setHeader(name, value)
    response.on('error', () => response.complete || res.destroy())
    response.pipe(res)
  })
  upstream.on('error', () => {
    // What follows a complete response (a wrong length) takes nothing from it.
    if (answer?.complete) return
    if (answer === undefined) res.writeHead(502, { 'content-type': 'text/plain' }).end('Bad Gateway')
    else res.destroy()
  })
  const hasBody =
    req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
  if (hasBody) req.pipe(upstream)
  else upstream.end()
}

/** The same for web-standard requests. */
export async function forwardWeb(origin: URL, req: Request, interim: Interim): Promise<Response> {
  const { pathname, search } = new URL(req.url)
  const body = req.body === null ? undefined : Buffer.from(await req.arrayBuffer())
  return new Promise((resolve) => {
    const upstream = open(origin, pathname + search, req.method, Object.fromEntries(req.headers), interim)
    upstream.on('response', (response) => resolve(webResponse(response)))
    upstream.on('error', () => resolve(new Response('Bad Gateway', { status: 502 })))
    upstream.end(body)
  })
}

function webResponse(response: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '' } = response
  const headers = new Headers()
  for (const [name, value] of Object.entries(endToEnd(response.headers)))
    for (const line of [value].flat()) headers.append(name, line)
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) response.resume()
  const body = isEmpty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>)
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, { status, statusText, headers })
}

function open(
  origin: URL,
  target: string,
  method: string,
  headers: IncomingHttpHeaders,
  interim: Interim,
): ClientRequest {
  const { hostname: host, port } = origin
  const upstream = request({ host, port, method, path: target, headers: endToEnd(headers), agent })
  upstream.on('information', ({ statusCode, headers: fields }) => {
    if (statusCode === 102) interim.writeProcessing()
    if (statusCode === 103) interim.writeEarlyHints(fields as Record<string, string>)
  })
  return upstream
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const listed = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || hopByHop.has(name) || listed.has(name) ? [] : [[name, value]],
    ),
  )
}
