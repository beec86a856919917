import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Running, StartApplication } from '@larder/http-suite'
import express from 'express'
import { httpCache } from '../../src/index'

/** An application of Express. */
export const start: StartApplication = async ({ options, handler }): Promise<Running> => {
  const app = express().disable('etag').disable('x-powered-by')
  const responses = httpCache({ ...options, user: (req) => req.get('x-user') })
  app.use(responses)
  app.use(async (req, res) => {
    const {
      status = 200,
      headers = {},
      body,
    } = await handler({
      method: req.method,
      target: req.originalUrl,
      header: (name) => req.get(name),
      larder: req.larder,
    })
    res.status(status).set(headers)
    if (body === undefined || typeof body === 'string') res.end(body)
    else await pipeline(Readable.from(body), res)
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      responses.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
