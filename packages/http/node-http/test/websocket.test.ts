import { createServer, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { webSocketSuite } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import { WebSocketServer } from 'ws'
import { httpCache } from '../src/index'

// An upgrade passes the middleware like any other request, and is then handed over.
webSocketSuite(async (cache) => {
  const sockets = new WebSocketServer({ noServer: true })
  const responses = httpCache({ cache, ttl: '1m' })
  const server = createServer((req, res) =>
    responses(req, res, () => {
      if (req.url !== '/echo') return void res.end('page')
      sockets.handleUpgrade(req, req.socket, Buffer.alloc(0), (socket) => {
        socket.on('message', (message) => socket.send(String(message)))
      })
    }),
  )
  server.on('upgrade', (req, socket) => {
    const res = new ServerResponse(req)
    res.assignSocket(socket as Socket)
    server.emit('request', req, res)
  })
  return startServer(server)
})
