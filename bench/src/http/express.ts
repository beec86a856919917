import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/express'
import { memoryStore } from '@larder/memory'
import express from 'express'
import { type Application, body, source, type, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = express()
  if (variant === 'constant') {
    app.get('/', (_, response) => void response.set('content-type', type).end(body))
  } else {
    const cache = createCache({ name: 'bench', store: memoryStore() })
    app.use(httpCache({ cache, ttl: '1h' }))
    app.get('/', async (_, response) => void response.json(await source.load()))
  }
  return {
    async listen() {
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  }
}
