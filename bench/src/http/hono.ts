import { serve } from '@hono/node-server'
import { createCache } from '@larder/core'
import { httpCache } from '@larder/hono'
import { memoryStore } from '@larder/memory'
import { Hono } from 'hono'
import { type Application, body, fieldsOf, source, type Variant } from './application'

export async function createApplication(variant: Variant): Promise<Application> {
  const app = new Hono()
  const cache = createCache({ name: 'bench', store: memoryStore() })
  if (variant === 'unruled') app.use(httpCache({ cache, app }))
  if (variant === 'empty') app.use((_context, next) => next())
  if (variant === 'larder') {
    app.use(httpCache({ cache, app, ttl: '1h' }))
    app.get('/', async (context) => context.json(await source.load()))
  } else {
    app.get('/', (context) => context.body(body, 200, fieldsOf(variant)))
  }
  return {
    listen: () =>
      new Promise((resolve) => {
        serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port))
      }),
  }
}
