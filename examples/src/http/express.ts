import { createServer } from 'node:http'
import type { Cache } from '@larder/core'
import { httpCache } from '@larder/express'
import express from 'express'
import type { Guide } from '../guide/guide'
import { routes } from './routes'
import { listenOnLoopback, type Serving } from './serving'

/** The guide as an Express application. */
export async function serveExpress(guide: Guide, cache: Cache | undefined, port = 0): Promise<Serving> {
  const app = express()
  if (cache !== undefined) app.use(httpCache({ cache, routes }))
  app.get('/cities/:id', async (req, res) => {
    res.json(await guide.city(Number(req.params.id)))
  })
  app.get('/regions/:code', async (req, res) => {
    res.json(await guide.region(req.params.code))
  })
  app.get('/countries/:code', async (req, res) => {
    res.json(await guide.country(req.params.code))
  })
  app.post('/cities/:id/votes', express.json(), async (req, res) => {
    res.status(201).json(await guide.vote(Number(req.params.id), req.body.stars))
  })
  return listenOnLoopback(createServer(app).listen(port, '127.0.0.1'))
}
