import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createCache } from '@larder/core'
import { type ReceivedResponse, sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import connect from 'connect'
import polka from 'polka'
import { describe, expect, test } from 'vitest'
import { httpCache, type Middleware } from '../src/index'

type Listener = (req: IncomingMessage, res: ServerResponse) => void
type Next = (error?: unknown) => void

/** An application: `responses` in front of `handle` below each of the paths `/a` and `/b`. */
type Mount = (responses: Middleware<IncomingMessage>, handle: Listener) => Listener

const frameworks: Readonly<Record<string, Mount>> = {
  Connect(responses, handle) {
    const app = connect()
    for (const path of ['/a', '/b']) app.use(path, responses).use(path, handle)
    return app.use((error: Error, _req: IncomingMessage, res: ServerResponse, _next: Next) => {
      res.writeHead(500).end(error.message)
    })
  },
  Polka(responses, handle) {
    const app = polka({
      onError: (error, _req, res) => {
        res.writeHead(500).end((error as Error).message)
      },
    })
    for (const path of ['/a', '/b']) app.use(path, responses as never, handle as never)
    return app.handler as unknown as Listener
  },
}

describe.each(Object.entries(frameworks))('in %s', (_, mount) => {
  /** Starts an application that answers with the path that the client asked for. */
  async function start(options = {}, handle?: Listener) {
    let clockOffset = 0
    let runs = 0
    const cache = createCache({ name: 'test', store: memoryStore() })
    const clock = { now: () => Date.now() + clockOffset }
    const responses = httpCache({ cache, ttl: '1m', clock, ...options })
    const app = mount(responses, (req, res) => {
      runs += 1
      if (handle === undefined) res.end(`${(req as { originalUrl?: string }).originalUrl} ${runs}`)
      else handle(req, res)
    })
    const server = await startServer(createServer(app))
    return {
      get: (target: string): Promise<ReceivedResponse> => sendRequest(server.port, target),
      get runs() {
        return runs
      },
      advanceClock(ms: number) {
        clockOffset += ms
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  }

  test('paths below different mounts do not share responses, although the handler sees the same path', async () => {
    await using app = await start()
    const bodies = []
    for (const target of ['/a/x', '/b/x', '/a/x', '/b/x']) bodies.push((await app.get(target)).body)
    expect(bodies).toEqual(['/a/x 1', '/b/x 2', '/a/x 1', '/b/x 2'])
  })

  test('a rule matches the whole path', async () => {
    await using app = await start({ ttl: undefined, routes: { '/a/:id': { ttl: '1m' } } })
    for (const target of ['/a/x', '/a/x', '/b/x', '/b/x']) await app.get(target)
    expect(app.runs).toBe(3)
  })

  test('a stale response is refreshed in the background for its own path', async () => {
    await using app = await start({ staleWhileRevalidate: '1h' })
    for (const target of ['/a/x', '/b/x']) await app.get(target)
    app.advanceClock(61_000)
    expect((await app.get('/b/x')).body).toBe('/b/x 2')
    await expect.poll(async () => (await app.get('/b/x')).body).toBe('/b/x 3')
  })

  test("a handler that throws runs once, and the framework's error handler answers", async () => {
    await using app = await start({}, () => {
      throw new Error('The handler failed.')
    })
    const { status, body } = await app.get('/a/x')
    expect([status, body, app.runs]).toEqual([500, 'The handler failed.', 1])
  })
})
