import { mkdtempSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import compress from '@fastify/compress'
import etag from '@fastify/etag'
import files from '@fastify/static'
import {
  type Note,
  type NotingApplication,
  nodeLayers,
  noteResponse,
  recordNotes,
  type StartNoting,
  withNodeHandlers,
} from '@larder/http-suite'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { httpCache } from '../../src/index'

const folder = mkdtempSync(join(tmpdir(), 'larder-differential-'))
writeFileSync(join(folder, 'page.txt'), 'text of a file '.repeat(200))

type FastifyHandler = (request: FastifyRequest, reply: FastifyReply, note: Note) => unknown

/** Handlers that answer by Fastify's own means. */
const fastifyHandlers: Readonly<Record<string, FastifyHandler>> = {
  'fastify: a text': (_request, reply) => reply.send('text'),
  'fastify: an object': async () => ({ text: 'text' }),
  'fastify: bytes with a type': (_request, reply) => reply.type('image/png').send(Buffer.from('bytes')),
  'fastify: a stream': (_request, reply) => reply.send(Readable.from(['one ', 'two'])),
  'fastify: a web stream': (_request, reply) => reply.send(new Response('text').body),
  'fastify: a web response': (_request, reply) =>
    reply.send(new Response('text', { status: 201, headers: { 'x-one': '1' } })),
  'fastify: a file': (_request, reply) => reply.sendFile('page.txt'),
  'fastify: a missing file': (_request, reply) => reply.sendFile('missing'),
  'fastify: no content': (_request, reply) => reply.code(204).send(),
  'fastify: nothing': (_request, reply) => reply.send(),
  'fastify: a redirect': (_request, reply) => reply.redirect('/other'),
  'fastify: fields, and two cookies': (_request, reply) =>
    reply
      .headers({ 'X-One': '1', vary: 'Accept-Language' })
      .header('set-cookie', 'a=1')
      .header('set-cookie', 'b=2')
      .send('text'),
  'fastify: a field removed again': (_request, reply) =>
    reply.header('x-one', '1').removeHeader('x-one').send('text'),
  'fastify: a trailer': (_request, reply) =>
    reply.trailer('x-sum', (_reply, _payload, done) => done(null, '1')).send('text'),
  'fastify: early hints': (_request, reply) => {
    reply.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' })
    return reply.send('text')
  },
  'fastify: not found': (_request, reply) => reply.callNotFound(),
  'fastify: an error': async () => {
    throw Object.assign(new Error('forbidden'), { statusCode: 403 })
  },
  'fastify: an exception': () => {
    throw new Error('The handler failed.')
  },
}

/** All handlers by name: those of `node:http` take the response out of Fastify's hands. */
export const handlers = withNodeHandlers(fastifyHandlers, (handler) => ({ raw }, reply, note) => {
  reply.hijack()
  try {
    handler(raw, reply.raw, note)
  } catch {
    reply.raw.writeHead(500).end('failed')
  }
})

/** Plugins that change responses by hooks. Fastify loads each of them once. */
const plugins: Readonly<Record<string, (app: FastifyInstance) => PromiseLike<unknown>>> = {
  compression: (app) => app.register(compress, { threshold: 0 }),
  'an entity tag': (app) => app.register(etag),
}

export const layerNames = [...nodeLayers.keys(), ...Object.keys(plugins)]

/** Starts a Fastify application of a handler between two layers, with or without the cache. */
export const startNoting: StartNoting = async (
  { handler, front, behind },
  options,
): Promise<NotingApplication> => {
  const { note, takeNotes } = recordNotes()
  const app = fastify({ forceCloseConnections: true })
  // Handlers read the body of a request themselves.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  await app.register(files, { root: folder, serve: false })
  await plugins[front]?.(app)
  app.addHook('onRequest', ({ raw }, reply, next) => {
    const layer = nodeLayers.get(front)
    if (layer === undefined) next()
    else layer(raw, reply.raw, next)
  })
  if (options !== undefined) await app.register(httpCache, options)
  if (behind !== front) await plugins[behind]?.(app)
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/page',
    handler(request, reply) {
      nodeLayers.get(behind)?.(request.raw, reply.raw, () => undefined)
      noteResponse(reply.raw, note)
      return handlers.get(handler)?.(request, reply, note)
    },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, takeNotes, close: () => app.close() }
}
