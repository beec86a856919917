import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RunningApplication, StartApplication } from '@larder/http-suite'
import { startServer } from '@larder/servers'
import compression from 'compression'
import express from 'express'
import { httpCache } from '../../src/index'

/** Starts applications of one version of Express. */
export const startWith =
  (createApplication: () => express.Express): StartApplication =>
  async ({ options, handler, compression: place }): Promise<RunningApplication> => {
    const app = createApplication().disable('etag').disable('x-powered-by').set('query parser', 'extended')
    const responses = httpCache({ ...options, user: (req) => req.get('x-user') })
    if (place === 'outside') app.use(compression())
    app.use(responses)
    if (place === 'inside') app.use(compression())
    const handle = async (req: express.Request, res: express.Response) => {
      const {
        status = 200,
        headers = {},
        body,
      } = await handler({
        method: req.method,
        target: req.originalUrl,
        query: req.query,
        header: (name) => req.get(name),
        larder: req.larder,
      })
      res.status(status).set(headers)
      if (body === undefined || typeof body === 'string') res.end(body)
      else await pipeline(Readable.from(body), res)
    }
    // Express 4 does not wait for promises.
    app.use((req, res, next) => void handle(req, res).catch(next))
    const server = await startServer(createServer(app))
    return {
      port: server.port,
      async close() {
        responses.close()
        await server[Symbol.asyncDispose]()
      },
    }
  }

/** An application of Express 5. */
export const startApplication = startWith(express)
