import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import {
  begun,
  type Combination,
  gone,
  type Note,
  type NotingApplication,
  recordNotes,
  type StartNoting,
  withoutFraming,
} from '@larder/http-suite'
import { startServer } from '@larder/servers'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { stream } from 'hono/streaming'
import { httpCache } from '../../src/index'

type HonoHandler = (c: Context, note: Note) => Response | Promise<Response>

function streamOf(chunks: readonly string[], note: Note): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let index = 0
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[index]
      index += 1
      if (chunk === undefined) controller.close()
      else controller.enqueue(encoder.encode(chunk))
    },
    cancel: () => note('cancelled'),
  })
}

/** Answers when the client has left, as the signal of the request says. */
async function answerWhenLeft(c: Context, note: Note): Promise<Response> {
  setImmediate(() => note(begun))
  await new Promise((resolve) => c.req.raw.signal.addEventListener('abort', resolve))
  note('aborted')
  setImmediate(() => note(gone))
  return c.text('late')
}

/** A stream without an end, until it is cancelled. */
function endlessStream(note: Note): ReadableStream<Uint8Array> {
  let count = 0
  return new ReadableStream({
    async pull(controller) {
      count += 1
      if (count === 3) note(begun)
      await new Promise((resolve) => setTimeout(resolve, 1))
      controller.enqueue(Buffer.from('chunk '))
    },
    cancel() {
      note('cancelled')
      setImmediate(() => note(gone))
    },
  })
}

/** Handlers that make a response in every way that Hono offers, by name. */
export const handlers: ReadonlyMap<string, HonoHandler> = new Map<string, HonoHandler>([
  ['a text', (c) => c.text('text')],
  ['an object', (c) => c.json({ text: 'text' }, 201)],
  ['a page', (c) => c.html('<p>text</p>')],
  ['bytes with a type', (c) => c.body(new Uint8Array([1, 2]), 200, { 'content-type': 'image/png' })],
  ['no body', (c) => c.body(null)],
  ['no content', (c) => c.body(null, 204)],
  ['not modified', (c) => c.body(null, 304, { etag: '"v1"' })],
  ['a redirect', (c) => c.redirect('/other')],
  ['an error', (c) => c.text('failed', 500)],
  ['a response of its own', () => new Response('text', { status: 202, headers: { 'X-One': '1' } })],
  ['a response with a reason', () => new Response('text', { statusText: 'Fine' })],
  [
    'fields in two ways',
    (c) => {
      c.header('X-One', 'set')
      c.header('X-Two', 'a', { append: true })
      c.header('X-Two', 'b', { append: true })
      return c.text('text', 200, { 'x-three': '3' })
    },
  ],
  [
    'two cookies',
    (c) => {
      c.header('set-cookie', 'a=1', { append: true })
      c.header('set-cookie', 'b=2', { append: true })
      return c.text('text')
    },
  ],
  ['no-store', (c) => c.text('text', 200, { 'cache-control': 'no-store' })],
  ['a vary', (c) => c.text('text', 200, { vary: 'Accept-Language' })],
  ['a length', (c) => c.body('text', 200, { 'content-length': '4' })],
  ['a stream', (c, note) => c.body(streamOf(['one ', 'two'], note))],
  [
    'a large stream',
    (c, note) => {
      const chunks = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(10_000))
      return c.body(streamOf(chunks, note), 200, { 'content-type': 'text/plain' })
    },
  ],
  [
    'a written stream',
    (c) =>
      stream(c, async (written) => {
        await written.write('one ')
        await written.write('two')
      }),
  ],
  [
    'an event stream',
    (c) => {
      c.header('content-type', 'text/event-stream')
      return stream(c, async (events) => {
        await events.write('data: 1\n\n')
        await events.write('data: 2\n\n')
      })
    },
  ],
  [
    'a late response',
    async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return c.text('late')
    },
  ],
  ['left: before the head', (c, note) => answerWhenLeft(c, note)],
  ['left: within the body', (c, note) => c.body(endlessStream(note))],
  ['not found', (c) => c.notFound()],
  [
    'an exception of HTTP',
    () => {
      throw new HTTPException(403, { message: 'forbidden' })
    },
  ],
  [
    'an exception',
    () => {
      throw new Error('The handler failed.')
    },
  ],
])

export const layers: Readonly<Record<string, MiddlewareHandler>> = {
  nothing: (_c, next) => next(),
  compression: compress({ threshold: 0 }),
  CORS: cors({ origin: 'https://other.example' }),
  'secure headers': secureHeaders(),
  'an entity tag': etag(),
  'a cookie behind next': async (c, next) => {
    await next()
    c.header('set-cookie', 'session=1', { append: true })
  },
  'a field before next': async (c, next) => {
    c.header('x-layer', '1')
    await next()
  },
  'a response of its own': async (c, next) => {
    await next()
    c.res = new Response(c.res.body, {
      status: c.res.status,
      headers: { ...Object.fromEntries(c.res.headers), 'x-wrapped': '1' },
    })
  },
}

/** The layer reads a body to its end before it sends anything. */
export const isUnanswered = ({ handler, front, behind }: Combination): boolean =>
  handler === 'left: within the body' && [front, behind].includes('an entity tag')

/** `@hono/node-server` chooses the framing, and the type of a text without one, by who has read a response before it. */
export const withoutServerChoices = (bytes: string) =>
  withoutFraming(bytes).replace(/^content-type: text\/plain; ?charset=UTF-8\r\n/m, '')

/** Starts a Hono application of a handler between two layers, with or without the cache. */
export const startNoting: StartNoting = async (
  { handler, front, behind },
  options,
): Promise<NotingApplication> => {
  const { note, takeNotes } = recordNotes()
  const app = new Hono()
  const use = (layer: MiddlewareHandler | undefined) => layer && app.use(layer)
  use(layers[front])
  if (options !== undefined) app.use(httpCache({ ...options, app }))
  use(layers[behind])
  app.all('/page', (c) => {
    const answer = handlers.get(handler)
    return answer === undefined ? c.notFound() : answer(c, note)
  })
  app.onError((error, c) => {
    note(`failed: ${error.message}`)
    return error instanceof HTTPException ? error.getResponse() : c.text('failed', 500)
  })
  const { port, ...running } = await startServer(createServer(getRequestListener(app.fetch)))
  return { port, takeNotes, close: async () => running[Symbol.asyncDispose]() }
}
