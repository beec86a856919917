import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/express'
import { memoryStore } from '@larder/memory'
import express from 'express'
import { type Application, body, fieldsOf, source, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = express()
  const cache = createCache({ name: 'bench', store: memoryStore() })
  if (variant === 'unruled') app.use(httpCache({ cache }))
  if (variant === 'empty') app.use((_request, _response, next) => next())
  if (variant === 'larder') {
    app.use(httpCache({ cache, ttl: '1h' }))
    app.get('/', async (_, response) => void response.json(await source.load()))
  } else {
    app.get('/', (_, response) => void response.set(fieldsOf(variant)).end(body))
  }
  return {
    async listen() {
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  }
}
