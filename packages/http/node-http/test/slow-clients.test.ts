import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** More than the buffers of a connection hold. */
const body = Buffer.alloc(8_000_000, 'a')

async function startApplication(respond: (res: ServerResponse) => unknown) {
  const cache = createCache({ name: 'test', store: memoryStore() })
  const responses = httpCache({ cache, ttl: '1m', maxBodySize: 2 * body.length, collapseTimeout: '1m' })
  let runs = 0
  const server = await startServer(
    createServer((req, res) =>
      responses(req, res, () => {
        runs += 1
        respond(res)
      }),
    ),
  )
  return {
    cache,
    get: async () => (await sendRequest(server.port, '/page')).body.length,
    /** A client that sends a request, and reads nothing. */
    async requestOnly(): Promise<Socket> {
      const socket = connect(server.port, '127.0.0.1').pause()
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(`GET /page HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`)
      return socket
    },
    get runs() {
      return runs
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function readToEnd(socket: Socket): Promise<number> {
  let size = 0
  for await (const chunk of socket) size += (chunk as Buffer).length
  return size
}

describe('a client that does not read', () => {
  test('delays no other, and its response is stored, if the handler has ended it', async () => {
    await using app = await startApplication((res) => res.end(body))
    const slow = await app.requestOnly()
    await expect.poll(() => app.runs).toBe(1)
    expect(await app.get()).toBe(body.length)
    expect(app.runs).toBe(1)
    expect(await readToEnd(slow)).toBeGreaterThan(body.length)
  })

  test('delays others for a bounded time only, if its handler waits for it', async () => {
    const chunks = Array.from({ length: 80 }, (_, index) =>
      body.subarray(index * 100_000, (index + 1) * 100_000),
    )
    await using app = await startApplication((res) => Readable.from(chunks).pipe(res))
    const slow = await app.requestOnly()
    await expect.poll(() => app.runs).toBe(1)
    expect(await app.get()).toBe(body.length)
    expect(app.runs).toBe(2)
    expect(await readToEnd(slow)).toBeGreaterThan(body.length)
  })

  test('of a stored response gets all of it once it reads, whatever happens to that in between', async () => {
    await using app = await startApplication((res) => res.end(body))
    await app.get()
    const slow = await Promise.all(Array.from({ length: 5 }, () => app.requestOnly()))
    await expect.poll(() => app.cache.stats().hits.memory).toBe(5)
    await app.cache.clear()
    for (const socket of slow) expect(await readToEnd(socket)).toBeGreaterThan(body.length)
    expect(app.runs).toBe(1)
  })
})

test('a request that waits for the response to another, and whose client leaves, leaves the others waiting', async () => {
  let open = () => undefined as unknown
  await using app = await startApplication((res) => {
    open = () => res.end('page')
  })
  const leader = await app.requestOnly()
  await expect.poll(() => app.runs).toBe(1)
  const leaving = await app.requestOnly()
  const staying = app.get()
  await expect.poll(() => app.cache.stats().joins).toBe(2)
  leaving.destroy()
  await once(leaving, 'close')
  open()
  expect(await staying).toBe('page'.length)
  expect(await readToEnd(leader)).toBeGreaterThan('page'.length)
  expect(app.runs).toBe(1)
})
