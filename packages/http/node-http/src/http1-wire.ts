import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Fields, isAppended } from '@larder/http'
import { appendLine, parseFields, readFields } from './head-fields'
import type { OnHead, Wire } from './wire'

/** The step of `node:http` that serializes the head; see docs/decisions/the-wire-decides.md. */
interface SerializingResponse extends ServerResponse {
  _storeHeader?: ((statusLine: string, headers: unknown) => void) | undefined
}

/** `ServerResponse.writeHead` ends in a call of `_storeHeader`, after every layer that has replaced `writeHead`. */
export function openHttp1Wire(res: SerializingResponse, onHead: OnHead): Wire {
  const original = res._storeHeader
  if (typeof original !== 'function')
    return { isObservable: false, hold: () => holdSocket(res), close: () => undefined }

  /** Assigns, because an object of which a property is deleted is slower from then on, and so is code that also sees others. */
  function close(): void {
    if (res._storeHeader === storeHeader) res._storeHeader = original
  }

  function storeHeader(statusLine: string, headers: unknown): void {
    close()
    const isSet = res.getHeaderNames().length > 0
    const added = onHead(res.statusCode, isSet ? readFields(res) : parseFields(headers))
    const complete = isSet ? setFields(res, added, headers) : withFields(headers, added)
    try {
      original?.call(res, statusLine, complete)
    } catch (error) {
      // The runtime has refused this head, so another one may follow.
      res._storeHeader = storeHeader
      throw error
    }
  }

  res._storeHeader = storeHeader
  return { isObservable: true, hold: () => holdSocket(res), close }
}

/** `headers` is the response's own record of the fields that were set, so it includes those set now. */
function setFields(res: ServerResponse, added: Fields, headers: unknown): unknown {
  for (const [name, value] of added) {
    const known = isAppended(name) ? res.getHeader(name) : undefined
    res.setHeader(name, known === undefined ? value : appendLine(known, value))
  }
  return headers
}

/** Adds fields to those that `writeHead` was given and passes on as they are. */
function withFields(headers: unknown, added: Fields): unknown {
  if (added.length === 0) return headers
  if (Array.isArray(headers)) return [...headers, ...(Array.isArray(headers[0]) ? added : added.flat())]
  const record: Record<string, unknown> = { ...(headers as object | undefined) }
  for (const [name, value] of added) {
    const known = Object.keys(record).find((key) => key.toLowerCase() === name) ?? name
    record[known] = isAppended(name) && record[known] !== undefined ? appendLine(record[known], value) : value
  }
  return record
}

/**
 * Corks the response's socket. `end` uncorks it, so `uncork` has no effect until the release. A response to a pipelined
 * request has no socket yet: it is corked when it gets one.
 */
function holdSocket(res: ServerResponse): () => void {
  let corked: Socket | undefined

  function cork(socket: Socket): void {
    corked = socket
    socket.cork()
    socket.uncork = () => undefined
  }

  if (res.socket === null) res.once('socket', cork)
  else cork(res.socket)
  return () => {
    res.off('socket', cork)
    if (corked === undefined) return
    corked.uncork = Object.getPrototypeOf(corked).uncork
    while (corked.writableCorked > 0) corked.uncork()
  }
}
