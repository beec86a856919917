import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/koa'
import { memoryStore } from '@larder/memory'
import Koa from 'koa'
import { type Application, body, fieldsOf, source, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = new Koa()
  const cache = createCache({ name: 'bench', store: memoryStore() })
  if (variant === 'unruled') app.use(httpCache({ cache }))
  if (variant === 'empty') app.use((_context, next) => next())
  if (variant === 'larder') {
    app.use(httpCache({ cache, ttl: '1h' }))
    app.use(async (context) => {
      context.body = await source.load()
    })
  } else {
    app.use((context) => {
      context.set(fieldsOf(variant))
      context.body = body
    })
  }
  return {
    async listen() {
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  }
}
