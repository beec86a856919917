import type { IncomingMessage, ServerResponse } from 'node:http'

/** A layer of an application in the style of `(req, res, next)`. */
export type NodeLayer = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

/** Sets a cookie when the head is written, as sessions do: by replacing `writeHead`. */
export const setCookieAtHead: NodeLayer = (_req, res, next) => {
  const { writeHead } = res
  let isSet = false
  res.writeHead = function writeHeadWithCookie(this: ServerResponse, ...args: never[]) {
    if (!isSet) res.appendHeader('set-cookie', 'session=1')
    isSet = true
    return Reflect.apply(writeHead, this, args)
  } as typeof writeHead
  next()
}

/** Layers that middleware is made of, by name: each uses one way to intervene in a response. */
const layers: Readonly<Record<string, NodeLayer>> = {
  nothing: (_req, _res, next) => next(),
  'a cookie at the head': setCookieAtHead,
  'a field at the end': (_req, res, next) => {
    const { end } = res
    res.end = function endWithField(this: ServerResponse, ...args: never[]) {
      if (!res.headersSent) res.setHeader('written-at-end', '1')
      return Reflect.apply(end, this, args)
    } as typeof end
    next()
  },
  'fields of its own': (_req, res, next) => {
    res.setHeader('x-frame-options', 'SAMEORIGIN')
    res.removeHeader('x-powered-by')
    next()
  },
  /** As sessions do that are saved first: the body is written, and the end follows later. */
  'an end that comes later': (_req, res, next) => {
    const { write, end } = res
    res.end = function endLater(this: ServerResponse, ...args: unknown[]) {
      const [chunk, encoding] = args
      const hasChunk = typeof chunk === 'string' || chunk instanceof Uint8Array
      if (hasChunk && chunk.length > 0)
        Reflect.apply(write, res, typeof encoding === 'string' ? [chunk, encoding] : [chunk])
      const callback = args.find((argument) => typeof argument === 'function')
      setImmediate(() => Reflect.apply(end, res, callback === undefined ? [] : [callback]))
      return res
    } as typeof end
    next()
  },
  /** As loggers do. */
  'bytes counted': (_req, res, next) => {
    const { write, end } = res
    let count = 0
    const countChunk = ([chunk]: readonly unknown[]) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) count += chunk.length
    }
    res.write = function writeCounted(this: ServerResponse, ...args: never[]) {
      countChunk(args)
      return Reflect.apply(write, this, args)
    } as typeof write
    res.end = function endCounted(this: ServerResponse, ...args: never[]) {
      countChunk(args)
      if (!res.headersSent) res.setHeader('written-bytes', String(count))
      return Reflect.apply(end, this, args)
    } as typeof end
    next()
  },
}

export const nodeLayers: ReadonlyMap<string, NodeLayer> = new Map(Object.entries(layers))
