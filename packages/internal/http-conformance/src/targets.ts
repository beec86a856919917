import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import { createCache } from '@larder/core'
import { httpCache as expressCache } from '@larder/express'
import { httpCache as fastifyCache } from '@larder/fastify'
import { httpCache as honoCache } from '@larder/hono'
import { httpCache as koaCache } from '@larder/koa'
import { memoryStore } from '@larder/memory'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { forwardRequest, forwardWebRequest } from './proxy'

/** Options as for a caching reverse proxy, which relies on the directives of responses alone. */
const proxyOptions = () =>
  ({
    cache: createCache({ name: 'conformance', store: memoryStore() }),
    heuristic: 0.1,
    allowSetCookie: true,
    staleIfError: '1h',
    // The suite configures and queries its origin through these paths.
    routes: { '/config/*': false, '/state/*': false },
  }) as const

/** Starts an application of each framework that caches the suite's origin. Resolves with its port. */
export const targets = {
  async express(origin: URL): Promise<number> {
    const app = express()
    app.use(expressCache(proxyOptions()))
    app.use((req, res) => forwardRequest(origin, req.originalUrl, req, res))
    return waitForPort(createServer(app).listen(0, '127.0.0.1'))
  },

  async fastify(origin: URL): Promise<number> {
    const app = fastify()
    app.addHttpMethod('M-SEARCH', { hasBody: true })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    await app.register(fastifyCache, proxyOptions())
    app.all('*', (request, reply) => {
      reply.hijack()
      forwardRequest(origin, request.originalUrl, request.raw, reply.raw)
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return (app.server.address() as AddressInfo).port
  },

  async hono(origin: URL): Promise<number> {
    const app = new Hono<{ Bindings: HttpBindings }>()
    app.use(honoCache({ ...proxyOptions(), app }))
    app.all('*', (c) => forwardWebRequest(origin, c.req.raw, c.env.outgoing))
    return waitForPort(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
  },

  async koa(origin: URL): Promise<number> {
    const app = new Koa()
    app.use(koaCache(proxyOptions()))
    app.use((ctx) => {
      ctx.respond = false
      forwardRequest(origin, ctx.originalUrl, ctx.req, ctx.res)
    })
    return waitForPort(createServer(app.callback()).listen(0, '127.0.0.1'))
  },
}

export type TargetName = keyof typeof targets
export const targetNames = Object.keys(targets) as readonly TargetName[]

async function waitForPort(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}
