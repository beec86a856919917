import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/fastify'
import { memoryStore } from '@larder/memory'
import fastify from 'fastify'
import { type Application, body, fieldsOf, source, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = fastify()
  const cache = createCache({ name: 'bench', store: memoryStore() })
  if (variant === 'unruled') await app.register(httpCache, { cache })
  if (variant === 'empty') app.addHook('preHandler', (_request, _reply, next) => next())
  if (variant === 'larder') {
    await app.register(httpCache, { cache, ttl: '1h' })
    app.get('/', () => source.load())
  } else {
    app.get('/', (_, reply) => void reply.headers(fieldsOf(variant)).send(body))
  }
  return {
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' })
      return (app.server.address() as AddressInfo).port
    },
  }
}
