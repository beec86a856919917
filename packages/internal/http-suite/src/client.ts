import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

/** A request as it is to stand on the wire. */
export interface Sending {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** A response as it came. */
export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body before anything is decoded. */
  readonly bytes: Buffer
  /** Whether all of the body came. */
  readonly isWhole: boolean
}

/** Nothing one request does to its connection reaches another. */
const agent = new Agent({ keepAlive: false })

/** Sends one request; the target goes out as it stands. Rejects if no response comes. */
export function send(
  port: number,
  target: string,
  { method = 'GET', headers = {}, body }: Sending = {},
): Promise<Received> {
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

/** Sends a request, and hangs up once something of the body has come. */
export function sendAndLeave(port: number, target: string): Promise<void> {
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

/** Sends bytes as they are, and returns everything that comes back until the connection closes. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text.replaceAll('\n', '\r\n')))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}
