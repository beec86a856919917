import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** Answers in front of the cache. */
type Refuse = (req: IncomingMessage, res: ServerResponse) => void

test.each<[string, Refuse]>([
  ['refuses', (_req, res) => void res.writeHead(429).end('too many')],
  ['answers with a page of its own', (_req, res) => void res.end('<h1>Are you a robot?</h1>')],
  ['closes', (_req, res) => void res.destroy()],
])(
  'a copy that refreshes a stale page, and that a layer in front of the cache %s, changes nothing for others',
  async (_, refuse) => {
    let clockOffset = 0
    let refused = 0
    let runs = 0
    const responses = httpCache({
      cache: createCache({ name: 'test', store: memoryStore() }),
      clock: { now: () => Date.now() + clockOffset },
      ttl: '1m',
      staleWhileRevalidate: '1m',
    })
    let quota = 1
    const server = createServer((req, res) => {
      if (req.headers['x-client'] === 'limited' && quota-- === 0) {
        refused += 1
        refuse(req, res)
        return
      }
      responses(req, res, () => {
        runs += 1
        res.end(`page ${runs}`)
      })
    })
    await using running = await startServer(server)
    await sendRequest(running.port, '/page')
    clockOffset = 61_000
    const stale = await sendRequest(running.port, '/page', { headers: { 'x-client': 'limited' } })
    expect(stale.body).toBe('page 1')
    await expect.poll(() => refused).toBe(1)
    const next = await sendRequest(running.port, '/page')
    expect(next.body).toMatch(/^page [12]$/)
    await expect.poll(async () => (await sendRequest(running.port, '/page')).body).toBe('page 2')
    expect(runs).toBe(2)
  },
)
