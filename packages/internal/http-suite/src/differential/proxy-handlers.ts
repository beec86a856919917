import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { begun, gone } from './abandoned-handlers'
import type { NodeHandler, Note } from './node-handler'

/** Sends the response of another server to the client. */
type Forward = (answer: IncomingMessage, res: ServerResponse, note: Note) => void

/** Status, reason and all fields, then the body as it arrives. */
const pipeAnswer: Forward = (answer, res) => {
  res.writeHead(answer.statusCode ?? 0, answer.statusMessage, answer.rawHeaders)
  answer.pipe(res)
}

/** Passes requests on to a server of their own, which `respond` answers, and gives its response to `forward`. */
function proxyTo(respond: RequestListener, forward: Forward = pipeAnswer): NodeHandler {
  return (req, res, note) => {
    const server = createServer(respond).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const outgoing = request({ host: '127.0.0.1', port, method: req.method, path: req.url, agent: false })
      outgoing.on('error', (error: { code?: string }) => {
        if (res.destroyed) return
        note(`bad gateway: ${error.code}`)
        res.writeHead(502).end('bad gateway')
      })
      outgoing.on('response', (answer) => {
        answer.on('error', (error: { code?: string }) => {
          if (res.destroyed) return
          note(`cut off: ${error.code}`)
          res.destroy()
        })
        forward(answer, res, note)
      })
      res.once('close', () => {
        outgoing.destroy()
        server.close()
        server.closeAllConnections()
      })
      req.pipe(outgoing)
    })
  }
}

const plain = { 'content-type': 'text/plain' }

/** Reverse proxies, by what the server behind them does. */
export const proxyHandlers: ReadonlyMap<string, NodeHandler> = new Map([
  [
    'proxy: a page with a length',
    proxyTo(
      (_req, res) => void res.writeHead(200, { ...plain, 'content-length': 4, etag: '"v1"' }).end('text'),
    ),
  ],
  [
    'proxy: chunks, and two cookies',
    proxyTo((_req, res) => {
      res.writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Type', 'text/plain'])
      res.write('one ')
      res.end('two')
    }),
  ],
  [
    // With its length: the sizes of chunks would be up to the network.
    'proxy: a large body',
    proxyTo(
      (_req, res) =>
        void res.writeHead(200, { ...plain, 'content-length': 300_000 }).end('x'.repeat(300_000)),
    ),
  ],
  ['proxy: a failure', proxyTo((_req, res) => void res.writeHead(503, plain).end('failed'))],
  ['proxy: no content', proxyTo((_req, res) => void res.writeHead(204).end())],
  ['proxy: no response', proxyTo((_req, res) => void res.destroy())],
  [
    'write: a proxied body that is cut off',
    proxyTo(
      (_req, res) =>
        void res.writeHead(200, { ...plain, 'content-length': 8 }).write('text', () => res.destroy()),
    ),
  ],
  [
    'left: a proxied stream',
    proxyTo(
      (_req, res) => void res.writeHead(200, plain).write('one '),
      (answer, res, note) => {
        pipeAnswer(answer, res, note)
        answer.once('data', () => setImmediate(() => note(begun)))
        res.once('close', () => setImmediate(() => note(gone)))
      },
    ),
  ],
])
