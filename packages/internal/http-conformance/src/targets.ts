import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import { createCache } from '@larder/core'
import { httpCache as expressCache } from '@larder/express'
import { httpCache as fastifyCache } from '@larder/fastify'
import { httpCache as honoCache } from '@larder/hono'
import { memoryStore } from '@larder/memory'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { forward, forwardWeb } from './proxy'

/** How a caching reverse proxy is set up, unlike an application: it takes the responses at their word. */
const asProxy = () =>
  ({
    cache: createCache({ name: 'conformance', store: memoryStore() }),
    heuristic: 0.1,
    allowSetCookie: true,
    staleIfError: '1h',
    // What the suite tells its origin, and asks it afterwards, is not under test.
    routes: { '/config/*': false, '/state/*': false },
  }) as const

/** Applications of each framework that cache the suite's origin. They listen on a port of their own. */
export const targets = {
  async express(origin: URL): Promise<number> {
    const app = express()
    app.use(expressCache(asProxy()))
    app.use((req, res) => forward(origin, req.originalUrl, req, res))
    return listening(createServer(app).listen(0, '127.0.0.1'))
  },

  async fastify(origin: URL): Promise<number> {
    const app = fastify()
    app.addHttpMethod('M-SEARCH', { hasBody: true })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    await app.register(fastifyCache, asProxy())
    app.all('*', (request, reply) => {
      reply.hijack()
      forward(origin, request.originalUrl, request.raw, reply.raw)
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return (app.server.address() as AddressInfo).port
  },

  async hono(origin: URL): Promise<number> {
    const app = new Hono<{ Bindings: HttpBindings }>()
    app.use(honoCache({ ...asProxy(), app }))
    app.all('*', (c) => forwardWeb(origin, c.req.raw, c.env.outgoing))
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
  },
}

export type TargetName = keyof typeof targets
export const targetNames = Object.keys(targets) as readonly TargetName[]

async function listening(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}
