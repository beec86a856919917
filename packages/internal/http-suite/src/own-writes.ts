import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import type { StartApplication } from '@larder/testing/http'
import { expect, test } from 'vitest'

/** In ms. Tens of thousands of requests take minutes on a busy machine. */
const timeout = 1_200_000

/** Changes a resource so often, and reads each change on another connection while others read. */
export function describeOwnWrites(start: StartApplication, changes: number): void {
  const title = `a change that is confirmed on one connection is read on another, ${changes} times, while others read`
  test(title, { timeout }, async () => {
    let state = 0
    const cache = createCache({ name: 'test', store: memoryStore() })
    const application = await start({
      options: { cache, ttl: '1h' },
      handler({ method }) {
        if (method === 'PUT') state += 1
        return { body: String(state) }
      },
    })
    using writer = createClient(application.port)
    using reader = createClient(application.port)
    using crowd = createClient(application.port, 3)
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
    await application.close()
  })
}

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
