import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

/** Method, fields and body of a request. */
export interface RequestParts {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** A received response. */
export interface ReceivedResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body, before text or content decoding. */
  readonly bytes: Buffer
  /** Whether the body was received completely. */
  readonly isWhole: boolean
}

/** One connection per request: a broken one cannot affect another request. */
const agent = new Agent({ keepAlive: false })

/** Sends one request, with the target exactly as given. Rejects if there is no response. */
export function sendRequest(
  port: number,
  target: string,
  { method = 'GET', headers = {}, body }: RequestParts = {},
): Promise<ReceivedResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: target,
      method,
      headers: { ...headers },
      agent,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => undefined)
      response.on('close', () => {
        const bytes = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: bytes.toString(),
          bytes,
          isWhole: response.complete,
        })
      })
    })
    outgoing.end(body)
  })
}

/** Sends a request and disconnects at the first chunk of the body. */
export function sendAndDisconnect(port: number, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: target, agent }, (response) => {
      response.once('data', () => {
        outgoing.destroy()
        resolve()
      })
      response.on('error', () => undefined)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Sends text as a raw HTTP/1.1 message, and resolves with everything received until the connection closes. */
export function sendRaw(port: number, text: string, encoding: BufferEncoding = 'utf8'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text.replaceAll('\n', '\r\n')))
    let received = ''
    socket.setEncoding(encoding)
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}

/** Sends a request and keeps the connection open. Resolves with a function that disconnects. */
export function leaveBeforeResponse(port: number, target: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
      resolve(() => socket.destroy())
    })
    socket.on('error', reject)
  })
}

/** Sends a request and resolves at the first chunk of the body. */
export function openStream(port: number, target: string): Promise<{ close(): void }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: target, agent }, (response) => {
      response.once('data', () => resolve({ close: () => void outgoing.destroy() }))
      response.on('error', () => undefined)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
