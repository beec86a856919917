import { createServer } from 'node:http'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/koa'
import { startServer } from '@larder/servers'
import Koa, { type Context } from 'koa'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const limit = limitRequests<Context>(limiter, { identify: (ctx) => ctx.get('x-client') })
  const responses = httpCache({ cache, ttl: '1m' })
  const app = new Koa()
  for (const layer of isInFront ? [limit, responses] : [responses, limit]) app.use(layer)
  app.use((ctx) => {
    ctx.body = 'page'
  })
  return startServer(createServer(app.callback()))
})
