import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

type Handler = (req: Http2ServerRequest, res: Http2ServerResponse, run: number) => void

/** A server for HTTP/2 with a cache in front of `handler`, and one connection to it. */
async function startHttp2(handler: Handler) {
  let clockOffset = 0
  let runs = 0
  const cache = createCache({ name: 'test', store: memoryStore() })
  const responses = httpCache({ cache, ttl: '1m', clock: { now: () => Date.now() + clockOffset } })
  const server = createServer((req, res) =>
    responses(req as unknown as IncomingMessage, res as unknown as ServerResponse, () => {
      runs += 1
      handler(req, res, runs)
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    request: (path: string, headers: OutgoingHttpHeaders = {}, body?: string) =>
      sendRequest(session, { ':path': path, ...headers }, body),
    advanceClock(ms: number) {
      clockOffset += ms
    },
    async [Symbol.asyncDispose]() {
      session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function sendRequest(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string) {
  const stream = session.request(headers, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  const [fields] = await once(stream, 'response')
  return { status: fields[':status'], fields, body: await text(stream) }
}

describe('over HTTP/2', () => {
  test('a response is stored, and 304 is the answer to a client that has it', async () => {
    await using app = await startHttp2((_req, res, run) => res.end(`run ${run}`))
    await app.request('/a')
    const { body, fields } = await app.request('/a')
    expect([body, fields['cache-status']]).toEqual(['run 1', expect.stringMatching(/^larder; hit/)])
    expect((await app.request('/a', { 'if-none-match': fields.etag })).status).toBe(304)
  })

  test('hosts do not share responses', async () => {
    await using app = await startHttp2((req, res) => res.end(`page of ${req.authority}`))
    for (const host of ['a.example', 'b.example', 'a.example'])
      expect((await app.request('/', { ':authority': host })).body).toBe(`page of ${host}`)
  })

  test('a stored response that the handler confirms is sent with its body', async () => {
    await using app = await startHttp2((req, res) => {
      res.setHeader('etag', '"v1"')
      if (req.headers['if-none-match'] === '"v1"') res.writeHead(304).end()
      else res.end('the body')
    })
    await app.request('/a')
    app.advanceClock(61_000)
    const { status, body } = await app.request('/a')
    expect([status, body]).toEqual([200, 'the body'])
  })

  test('a GET with a body bypasses the cache, although it has no Content-Length', async () => {
    await using app = await startHttp2((req, res, run) => {
      void text(req).then((body) => res.end(`run ${run} for ${body}`))
    })
    expect((await app.request('/a', {}, 'page=2')).body).toBe('run 1 for page=2')
    expect((await app.request('/a')).body).toBe('run 2 for ')
    expect((await app.request('/a', {}, 'page=2')).body).toBe('run 3 for page=2')
  })

  test('a client that has its change confirmed reads it in the next request', async () => {
    let state = 0
    await using app = await startHttp2((req, res) => {
      if (req.method === 'PUT') state += 1
      res.end(String(state))
    })
    for (let write = 1; write <= 10; write += 1) {
      expect((await app.request('/a', { ':method': 'PUT' }, 'x')).body).toBe(String(write))
      expect((await app.request('/a')).body).toBe(String(write))
    }
  })

  test('a body in pieces is stored', async () => {
    await using app = await startHttp2((_req, res, run) => {
      res.writeHead(200, { 'content-type': 'text/plain' })
      res.write(`run ${run}, `)
      setImmediate(() => res.end('end'))
    })
    for (let request = 0; request < 2; request += 1) expect((await app.request('/a')).body).toBe('run 1, end')
  })
})
