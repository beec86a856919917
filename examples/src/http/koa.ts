import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Cache } from '@larder/core'
import { httpCache } from '@larder/koa'
import Koa from 'koa'
import type { Guide } from '../guide/guide'
import { routes } from './routes'
import { listenOnLoopback, type Serving } from './serving'

/** The guide as a Koa application. Koa has no router of its own. */
export async function serveKoa(guide: Guide, cache: Cache | undefined, port = 0): Promise<Serving> {
  const app = new Koa()
  if (cache !== undefined) app.use(httpCache({ cache, routes }))
  app.use(async (ctx) => {
    const [, resource, id = '', part] = ctx.path.split('/')
    if (ctx.method === 'POST' && resource === 'cities' && part === 'votes') {
      ctx.body = await guide.vote(Number(id), await readStars(ctx.req))
      ctx.status = 201
    } else if (resource === 'cities') ctx.body = await guide.city(Number(id))
    else if (resource === 'regions') ctx.body = await guide.region(id)
    else if (resource === 'countries') ctx.body = await guide.country(id)
  })
  return listenOnLoopback(createServer(app.callback()).listen(port, '127.0.0.1'))
}

async function readStars(req: IncomingMessage): Promise<number> {
  const { stars } = (await json(req)) as { readonly stars: number }
  return stars
}
