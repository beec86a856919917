import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/fastify'
import { memoryStore } from '@larder/memory'
import fastify from 'fastify'
import { type Application, body, source, type, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = fastify()
  if (variant === 'constant') {
    app.get('/', (_, reply) => void reply.header('content-type', type).send(body))
  } else {
    const cache = createCache({ name: 'bench', store: memoryStore() })
    await app.register(httpCache, { cache, ttl: '1h' })
    app.get('/', () => source.load())
  }
  return {
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' })
      return (app.server.address() as AddressInfo).port
    },
  }
}
