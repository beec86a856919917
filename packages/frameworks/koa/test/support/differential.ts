import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import {
  type Note,
  type NotingApplication,
  nodeLayers,
  noteResponse,
  recordNotes,
  type StartNoting,
  withNodeHandlers,
} from '@larder/http-suite'
import { startServer } from '@larder/servers'
import Koa, { type Context } from 'koa'
import { httpCache } from '../../src/index'

type KoaHandler = (ctx: Context, note: Note) => void

/** Handlers that answer by Koa's own means. */
const koaHandlers: Readonly<Record<string, KoaHandler>> = {
  'koa: a text': (ctx) => {
    ctx.body = 'text'
  },
  'koa: an object': (ctx) => {
    ctx.body = { text: 'text' }
  },
  'koa: bytes with a type': (ctx) => {
    ctx.type = 'image/png'
    ctx.body = Buffer.from('bytes')
  },
  'koa: a stream': (ctx) => {
    ctx.body = Readable.from(['one ', 'two'])
  },
  'koa: a web stream': (ctx) => {
    ctx.body = new Response('text').body
  },
  'koa: no content': (ctx) => {
    ctx.body = null
  },
  'koa: nothing, which is not found': () => undefined,
  'koa: a status': (ctx) => {
    ctx.status = 202
  },
  'koa: a redirect': (ctx) => ctx.redirect('/other'),
  'koa: fields, and two cookies': (ctx) => {
    ctx.set({ 'X-One': '1', Vary: 'Accept-Language' })
    ctx.cookies.set('a', '1')
    ctx.cookies.set('b', '2')
    ctx.body = 'text'
  },
  'koa: an entity tag, and not modified': (ctx) => {
    ctx.set('etag', '"v1"')
    ctx.status = 200
    if (ctx.fresh) ctx.status = 304
    else ctx.body = 'text'
  },
  'koa: a length and a date': (ctx) => {
    ctx.lastModified = new Date(0)
    ctx.body = 'text'
    ctx.length = 4
  },
  'koa: an error': (ctx) => ctx.throw(403, 'forbidden'),
  'koa: an exception': () => {
    throw new Error('The handler failed.')
  },
}

/** All handlers by name: those of `node:http` take the response out of Koa's hands. */
export const handlers = withNodeHandlers(koaHandlers, (handler) => (ctx, note) => {
  ctx.status = 200
  ctx.respond = false
  handler(ctx.req, ctx.res, note)
})

/** Starts a Koa application of a handler between two layers, with or without the cache. */
export const startNoting: StartNoting = async (
  { handler, front, behind },
  options,
): Promise<NotingApplication> => {
  const { note, takeNotes } = recordNotes()
  const app = new Koa()
  app.silent = true
  const useLayer = (name: string) =>
    app.use((ctx, next) => {
      nodeLayers.get(name)?.(ctx.req, ctx.res, () => undefined)
      return next()
    })
  useLayer(front)
  if (options !== undefined) app.use(httpCache(options))
  useLayer(behind)
  app.use((ctx) => {
    noteResponse(ctx.res, note)
    handlers.get(handler)?.(ctx, note)
  })
  const { port, ...running } = await startServer(createServer(app.callback()))
  return { port, takeNotes, close: async () => running[Symbol.asyncDispose]() }
}
