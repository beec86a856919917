import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import compress from '@fastify/compress'
import type { RunningApplication, StartApplication } from '@larder/http-suite'
import fastify from 'fastify'
import { httpCache } from '../../src/index'

/** A Fastify application. */
export const startApplication: StartApplication = async ({
  options,
  handler,
  compression,
}): Promise<RunningApplication> => {
  const app = fastify({ forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  if (compression !== undefined) await app.register(compress)
  await app.register(httpCache, {
    ...options,
    user: (request) => request.headers['x-user'] as string | undefined,
  })
  app.all('*', async (request, reply) => {
    const {
      status = 200,
      headers = {},
      body,
    } = await handler({
      method: request.method,
      target: request.originalUrl,
      query: request.query as Record<string, unknown>,
      header: (name) => request.headers[name] as string | undefined,
      larder: request.larder,
    })
    reply.code(status).headers(headers)
    return reply.send(body === undefined || typeof body === 'string' ? body : Readable.from(body))
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}
