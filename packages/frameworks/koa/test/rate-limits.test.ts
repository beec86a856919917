import { createServer, type IncomingMessage } from 'node:http'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/express'
import { startServer } from '@larder/servers'
import Koa, { type Middleware } from 'koa'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const decide = limitRequests<IncomingMessage & { readonly app?: undefined }>(limiter, {
    identify: ({ headers }) => String(headers['x-client']),
  })
  const limit: Middleware = async (ctx, next) => {
    await new Promise((resolve, reject) => {
      ctx.res.once('finish', resolve)
      decide(ctx.req, ctx.res, (error) => (error === undefined ? resolve(undefined) : reject(error)))
    })
    if (!ctx.res.writableEnded) await next()
  }
  const responses = httpCache({ cache, ttl: '1m' })
  const app = new Koa()
  for (const layer of isInFront ? [limit, responses] : [responses, limit]) app.use(layer)
  app.use((ctx) => {
    ctx.body = 'page'
  })
  return startServer(createServer(app.callback()))
})
