import type { AddressInfo } from 'node:net'
import websocket from '@fastify/websocket'
import { webSocketSuite } from '@larder/http-suite'
import fastify from 'fastify'
import { httpCache } from '../src/index'

webSocketSuite(async (cache) => {
  const app = fastify({ forceCloseConnections: true })
  await app.register(websocket)
  await app.register(httpCache, { cache, ttl: '1m' })
  app.get('/echo', { websocket: true }, (socket) => {
    socket.on('message', (message) => socket.send(String(message)))
  })
  app.get('/page', async () => 'page')
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    port: (app.server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await app.close()
    },
  }
})
