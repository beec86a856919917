import { createServer } from 'node:http'
import { webSocketSuite } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import express from 'express'
import expressWs from 'express-ws'
import { httpCache } from '../src/index'

// Routes WebSockets through the application, with a response that stands for the connection.
webSocketSuite(async (cache) => {
  const app = express()
  const server = createServer(app)
  const { app: wsApp } = expressWs(app, server)
  wsApp.use(httpCache({ cache, ttl: '1m' }))
  wsApp.ws('/echo', (socket) => socket.on('message', (message) => socket.send(String(message))))
  wsApp.get('/page', (_req, res) => void res.send('page'))
  return startServer(server)
})
