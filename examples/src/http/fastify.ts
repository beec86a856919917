import type { Cache } from '@larder/core'
import { httpCache } from '@larder/fastify'
import fastify from 'fastify'
import type { Guide } from '../guide/guide'
import { routes } from './routes'
import { portOf, type Serving } from './serving'

/** The guide as a Fastify application. */
export async function serveFastify(guide: Guide, cache: Cache | undefined, port = 0): Promise<Serving> {
  const app = fastify({ forceCloseConnections: true })
  if (cache !== undefined) await app.register(httpCache, { cache, routes })
  app.get<{ Params: { id: string } }>('/cities/:id', ({ params }) => guide.city(Number(params.id)))
  app.get<{ Params: { code: string } }>('/regions/:code', ({ params }) => guide.region(params.code))
  app.get<{ Params: { code: string } }>('/countries/:code', ({ params }) => guide.country(params.code))
  app.post<{ Params: { id: string }; Body: { stars: number } }>(
    '/cities/:id/votes',
    async ({ params, body }, reply) => reply.code(201).send(await guide.vote(Number(params.id), body.stars)),
  )
  await app.listen({ port, host: '127.0.0.1' })
  return { port: portOf(app.server), close: () => app.close() }
}
