import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { abandonedHandlers } from './abandoned-handlers'
import type { NodeHandler, Note } from './node-handler'
import { proxyHandlers } from './proxy-handlers'

const plain = { 'content-type': 'text/plain' }

function noteError(note: Note, attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    note(`threw ${(error as { code?: string }).code}`)
  }
}

const later = (task: () => void) => void setImmediate(task)

/** Heads in every form that `writeHead`, `setHeader` and the properties of a response allow. */
const heads: Record<string, NodeHandler> = {
  'an implicit head': (_req, res) => void res.end('text'),
  'a status': (_req, res) => void res.writeHead(404).end('text'),
  'fields as an object': (_req, res) => void res.writeHead(200, { 'X-One': '1', ...plain }).end('text'),
  'a reason and fields': (_req, res) => void res.writeHead(200, 'Fine', { 'X-One': ['1', '2'] }).end('text'),
  'fields as a list with repeats': (_req, res) =>
    void res.writeHead(200, ['X-One', '1', 'X-One', '2', 'Content-Type', 'text/plain']).end('text'),
  'fields set before those of writeHead': (_req, res) => {
    res.setHeader('X-One', 'set')
    res.setHeader('X-Two', ['a', 'b'])
    res.writeHead(200, { 'x-one': 'given' }).end('text')
  },
  'a field removed again': (_req, res) => {
    res.setHeader('X-One', '1')
    res.removeHeader('X-One')
    res.end('text')
  },
  'a reason of its own': (_req, res) => {
    res.statusCode = 201
    res.statusMessage = 'Done'
    res.end('text')
  },
  'a length': (_req, res) => void res.writeHead(200, { 'content-length': 4 }).end('text'),
  'two cookies': (_req, res) => {
    res.appendHeader('set-cookie', 'a=1')
    res.appendHeader('set-cookie', 'b=2')
    res.end('text')
  },
  'a redirect': (_req, res) => void res.writeHead(302, { location: '/other' }).end(),
  'no content': (_req, res) => void res.writeHead(204).end(),
  'not modified': (_req, res) => void res.writeHead(304, { etag: '"v1"' }).end(),
  'an error': (_req, res) => void res.writeHead(500, plain).end('failed'),
  'no-store': (_req, res) => void res.writeHead(200, { 'cache-control': 'no-store' }).end('text'),
  'flushed, then a body': (_req, res) => {
    res.setHeader('content-type', 'text/plain')
    res.flushHeaders()
    later(() => res.end('text'))
  },
  'early hints first': (_req, res) => {
    res.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' })
    res.end('text')
  },
  'processing first': (_req, res) => {
    res.writeProcessing()
    res.end('text')
  },
  'twice, which is refused': (_req, res, note) => {
    res.writeHead(200, plain)
    noteError(note, () => res.writeHead(404))
    noteError(note, () => res.setHeader('x-late', '1'))
    res.end('text')
  },
  'refused, and then another': (_req, res, note) => {
    noteError(note, () => res.writeHead(200, { 'x-one': '1', 'x-two': undefined }))
    res.end('text')
  },
  'a coding for the transfer': (_req, res) =>
    void res.writeHead(200, { ...plain, 'transfer-encoding': 'gzip, chunked' }).end(gzipSync('text')),
  'no sniffing and a vary': (_req, res) =>
    void res.writeHead(200, { vary: 'Accept-Language', 'x-content-type-options': 'nosniff' }).end('text'),
}

/** Node writes the values of fields in the encoding of the text that it sends together with them. */
const headsBeyondAscii: Record<string, NodeHandler> = {
  'with a text': (_req, res) => {
    res.setHeader('x-place', 'café')
    res.end('text')
  },
  'with a text in latin1': (_req, res) =>
    void res.writeHead(200, { 'x-place': 'café' }).end('text', 'latin1'),
  'with bytes': (_req, res) => void res.writeHead(200, ['X-Place', 'café']).end(Buffer.from('text')),
  'with chunks': (_req, res) => {
    res.setHeader('x-place', ['café', 'über'])
    res.write('one ')
    res.end('two')
  },
  'with a length, and chunks': (_req, res) => {
    res.writeHead(200, { 'x-place': 'café', 'content-length': 4 })
    res.write('te')
    res.end('xt')
  },
  'flushed, then a text': (_req, res) => {
    res.setHeader('x-place', 'café')
    res.flushHeaders()
    later(() => res.end('text'))
  },
  'with octets of UTF-8': (_req, res) => {
    res.setHeader('x-place', Buffer.from('café').toString('latin1'))
    res.end(Buffer.from('text'))
  },
  'without a body': (_req, res) => void res.writeHead(200, { 'x-place': 'café' }).end(),
}

/** Bodies in every form that `write` and `end` allow. */
const bodies: Record<string, NodeHandler> = {
  nothing: (_req, res) => void res.end(),
  'chunks and an end': (_req, res, note) => {
    note(`write ${res.write('one ')}`)
    note(`sent ${res.headersSent}`)
    res.end('two')
    note(`ended ${res.writableEnded}`)
  },
  'an end with encoding and callback': (_req, res, note) =>
    void res.end('74657874', 'hex', () => note('end')),
  'an end with a callback only': (_req, res, note) => {
    res.write('text')
    res.end(() => note('end'))
  },
  latin1: (_req, res) => {
    res.setHeader('content-type', 'text/plain; charset=latin1')
    res.end('é', 'latin1')
  },
  'empty chunks': (_req, res) => {
    res.write('')
    res.write('text')
    res.end('')
  },
  'corked chunks': (_req, res) => {
    res.cork()
    res.write('one ')
    res.write('two')
    res.uncork()
    res.end()
  },
  'a piped stream': (_req, res) => void Readable.from(['one ', 'two']).pipe(res),
  'a large piped stream': (_req, res) => {
    res.setHeader('content-type', 'text/plain')
    const chunks = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(10_000))
    Readable.from(chunks).pipe(res)
  },
  'a large body at once': (_req, res, note) => {
    const hasRoom = res.write('x'.repeat(300_000))
    note(`write ${hasRoom}`)
    // HEAD writes nothing.
    if (hasRoom) return void res.end()
    res.once('drain', () => {
      note('drain')
      res.end()
    })
  },
  'a body after a timer': (_req, res) => void setTimeout(() => res.end('late'), 5),
  trailers: ({ method }, res) => {
    // A response without a body has none.
    if (method === 'HEAD') return void res.end()
    res.writeHead(200, { trailer: 'x-sum' })
    res.write('text')
    res.addTrailers({ 'x-sum': '1' })
    res.end()
  },
  'an event stream': (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.write('data: 1\n\n')
    later(() => res.end('data: 2\n\n'))
  },
  'a write after the end': (_req, res, note) => {
    res.on('error', (error: { code?: string }) => note(`error ${error.code}`))
    res.end('text')
    res.write('late', (error) => note(`late ${(error as { code?: string } | null)?.code}`))
  },
  'a chunk that is refused': (_req, res, note) => {
    noteError(note, () => res.write(1 as never))
    res.end('text')
  },
  'a response destroyed before its head': (_req, res) => void res.destroy(),
  'no answer': () => undefined,
  'an exception': () => {
    throw new Error('The handler failed.')
  },
}

/** Bodies that go on once a chunk has been written. */
const awaitingWrites: Record<string, NodeHandler> = {
  'chunks with callbacks': (_req, res, note) => {
    res.write('one ', () => {
      note('written')
      res.write('dHdv', 'base64', () => res.end('', () => note('end written')))
    })
  },
  'bytes, and a buffer that is used again': (_req, res) => {
    const buffer = Buffer.from('one ')
    res.write(buffer, () => {
      buffer.fill('x')
      res.end(new Uint8Array([116, 119, 111]))
    })
  },
  'a response destroyed after a chunk': (_req, res) => void res.write('text', () => res.destroy()),
}

/** Whether a handler waits for the callback of `write`, or ends the connection when a chunk has been sent. */
export const awaitsWrite = (handler: string) => handler.startsWith('write: ')

/** A handler that answers no request. */
export const withoutAnswer = 'body: no answer'

function prefixed(prefix: string, handlers: Record<string, NodeHandler>): [string, NodeHandler][] {
  return Object.entries(handlers).map(([name, handler]) => [`${prefix}: ${name}`, handler])
}

/** Handlers that use a response in every way that `node:http` offers, by name. */
export const nodeHandlers: ReadonlyMap<string, NodeHandler> = new Map([
  ...prefixed('head', heads),
  ...prefixed('beyond ASCII', headsBeyondAscii),
  ...prefixed('body', bodies),
  ...prefixed('write', awaitingWrites),
  ...abandonedHandlers,
  ...proxyHandlers,
])

/**
 * The handlers of a framework by name, and those of `node:http`: `adapt` makes a handler of the framework that takes the
 * response out of its hands.
 */
export function withNodeHandlers<H>(
  own: Readonly<Record<string, H>>,
  adapt: (handler: NodeHandler) => H,
): ReadonlyMap<string, H> {
  const adapted = [...nodeHandlers].map(([name, handler]) => [name, adapt(handler)] as const)
  return new Map([...Object.entries(own), ...adapted])
}
