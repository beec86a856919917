import { createServer } from 'node:http'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/express'
import { startServer } from '@larder/servers'
import express, { type Request } from 'express'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const limit = limitRequests<Request>(limiter, { identify: (req) => String(req.get('x-client')) })
  const responses = httpCache({ cache, ttl: '1m' })
  const app = express()
  for (const layer of isInFront ? [limit, responses] : [responses, limit]) app.use(layer)
  app.use((_req, res) => void res.send('page'))
  return startServer(createServer(app))
})
