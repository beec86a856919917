// tier: long
import { Agent, createServer, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

const changes = 10_000

/** A client with connections of its own. */
function createClient(port: number, maxSockets = 1) {
  const agent = new Agent({ keepAlive: true, maxSockets })
  return {
    send: (method: 'GET' | 'PUT') =>
      new Promise<number>((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, path: '/state', method, agent }, (response) =>
          text(response).then((body) => resolve(Number(body)), reject),
        )
        sent.on('error', reject).end()
      }),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

test('a change that is confirmed on one connection is read on another, ten thousand times, while others read', async () => {
  let state = 0
  const responses = httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1h' })
  await using server = await startServer(
    createServer((req, res) =>
      responses(req, res, () => {
        if (req.method === 'PUT') state += 1
        res.end(String(state))
      }),
    ),
  )
  using writer = createClient(server.port)
  using reader = createClient(server.port)
  using crowd = createClient(server.port, 3)
  let isDone = false
  const readOn = async () => {
    while (!isDone) await crowd.send('GET')
  }
  const reading = Array.from({ length: 3 }, readOn)
  for (let change = 1; change <= changes; change += 1) {
    await writer.send('PUT')
    expect(await reader.send('GET')).toBe(change)
  }
  isDone = true
  await Promise.all(reading)
}, 1_200_000)
