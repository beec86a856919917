import { createServer, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { webSocketSuite } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import Koa from 'koa'
import { WebSocketServer } from 'ws'
import { httpCache } from '../src/index'

// As koa-easy-ws does it: an upgrade passes the middleware like any other request, and is then handed over.
webSocketSuite(async (cache) => {
  const sockets = new WebSocketServer({ noServer: true })
  const app = new Koa().use(httpCache({ cache, ttl: '1m' })).use((ctx) => {
    if (ctx.path === '/page') ctx.body = 'page'
    if (ctx.path !== '/echo') return
    ctx.respond = false
    sockets.handleUpgrade(ctx.req, ctx.req.socket, Buffer.alloc(0), (socket) => {
      socket.on('message', (message) => socket.send(String(message)))
    })
  })
  const handle = app.callback()
  const server = createServer(handle)
  server.on('upgrade', (req, socket) => {
    const res = new ServerResponse(req)
    res.assignSocket(socket as Socket)
    void handle(req, res)
  })
  return startServer(server)
})
