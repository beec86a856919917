import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/hono'
import { startServer } from '@larder/servers'
import { type Context, Hono } from 'hono'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const limit = limitRequests(limiter, { identify: (c: Context) => String(c.req.header('x-client')) })
  const responses = httpCache({ cache, ttl: '1m' })
  const app = new Hono()
  for (const layer of isInFront ? [limit, responses] : [responses, limit]) app.use(layer)
  app.get('/*', (c) => c.text('page'))
  return startServer(createServer(getRequestListener(app.fetch)))
})
