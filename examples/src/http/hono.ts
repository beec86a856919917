import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import type { Cache } from '@larder/core'
import { httpCache } from '@larder/hono'
import { Hono } from 'hono'
import type { Guide } from '../guide/guide'
import { routes } from './routes'
import { listenOnLoopback, type Serving } from './serving'

/** The guide as a Hono application. */
export async function serveHono(guide: Guide, cache: Cache | undefined, port = 0): Promise<Serving> {
  const app = new Hono()
  if (cache !== undefined) app.use(httpCache({ cache, app, routes }))
  app.get('/cities/:id', async (c) => c.json(await guide.city(Number(c.req.param('id')))))
  app.get('/regions/:code', async (c) => c.json(await guide.region(c.req.param('code'))))
  app.get('/countries/:code', async (c) => c.json(await guide.country(c.req.param('code'))))
  app.post('/cities/:id/votes', async (c) => {
    const { stars } = await c.req.json<{ stars: number }>()
    return c.json(await guide.vote(Number(c.req.param('id')), stars), 201)
  })
  return listenOnLoopback(serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }) as Server)
}
