import { once } from 'node:events'
import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { sendRequest } from '@larder/testing/http'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'

/**
 * Starts an application with a cache, a `ttl` of a minute in front of all routes, a WebSocket at `/echo` that sends back what
 * it receives, and a page at `/page`.
 */
export type StartWebSocketApp = (cache: Cache) => Promise<AsyncDisposable & { readonly port: number }>

/** Tests that connections which become WebSockets pass the cache, and that each client gets its own. */
export function webSocketSuite(start: StartWebSocketApp): void {
  test('each client of a WebSocket gets its own connection, and pages are still cached', async () => {
    await using app = await start(createCache({ name: 'test', store: memoryStore() }))
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(app.port)))
    for (const [index, socket] of sockets.entries()) {
      const echoed = once(socket, 'message')
      socket.send(`client ${index}`)
      expect(String((await echoed)[0])).toBe(`client ${index}`)
    }
    for (const socket of sockets) socket.terminate()
    await sendRequest(app.port, '/page')
    expect((await sendRequest(app.port, '/page')).headers['cache-status']).toMatch(/^larder; hit/)
    const later = await openSocket(app.port)
    later.terminate()
  })
}

async function openSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`)
  await once(socket, 'open')
  return socket
}
