import { createServer, type IncomingMessage } from 'node:http'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/express'
import { startServer } from '@larder/servers'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const limit = limitRequests<IncomingMessage & { readonly app?: undefined }>(limiter, {
    identify: ({ headers }) => String(headers['x-client']),
  })
  const responses = httpCache({ cache, ttl: '1m' })
  return startServer(
    createServer((req, res) => {
      const respond = () => void res.end('page')
      if (isInFront) limit(req, res, () => responses(req, res, respond))
      else responses(req, res, () => limit(req, res, respond))
    }),
  )
})
