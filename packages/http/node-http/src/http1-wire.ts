import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Fields, type HeadCharset, isAppended } from '@larder/http'
import { appendLine, parseFields, readFields } from './head-fields'
import type { OnHead, Wire } from './wire'

/** The steps of `node:http` that serialize the head and write it; see docs/decisions/the-wire-decides.md. */
interface SerializingResponse extends ServerResponse {
  _storeHeader?: ((statusLine: string, headers: unknown) => void) | undefined
  _writeRaw?: ((data: unknown, encoding?: string | null, ...rest: unknown[]) => boolean) | undefined
}

/** `ServerResponse.writeHead` ends in a call of `_storeHeader`, after every layer that has replaced `writeHead`. */
export function openHttp1Wire(res: SerializingResponse, onHead: OnHead): Wire {
  const original = res._storeHeader
  if (typeof original !== 'function')
    return { isObservable: false, charset: 'latin1', hold: () => holdSocket(res), close: () => undefined }
  let charset: HeadCharset = 'latin1'

  /** Assigns, because an object of which a property is deleted is slower from then on, and so is code that also sees others. */
  function close(): void {
    if (res._storeHeader === storeHeader) res._storeHeader = original
  }

  function storeHeader(statusLine: string, headers: unknown): void {
    close()
    const isSet = res.getHeaderNames().length > 0
    const fields = isSet ? readFields(res) : parseFields(headers)
    const added = onHead(res.statusCode, fields)
    if (fields.some(([, value]) => isBeyondAscii(value)))
      observeCharset(res, statusLine, (written) => {
        charset = written
      })
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
  return {
    isObservable: true,
    get charset() {
      return charset
    },
    hold: () => holdSocket(res),
    close,
  }
}

const isBeyondAscii = (value: string) => /[^\0-\x7f]/.test(value)

/**
 * Node writes a head together with the first chunk of its body if that is text, and then in the encoding of the text: UTF-8
 * unless the handler names another. Otherwise it writes the head as latin1.
 */
function observeCharset(
  res: SerializingResponse,
  statusLine: string,
  onWritten: (charset: HeadCharset) => void,
): void {
  const original = res._writeRaw
  if (typeof original !== 'function') return
  res._writeRaw = (data, encoding, ...rest) => {
    if (typeof data === 'string' && data.startsWith(statusLine)) {
      res._writeRaw = original
      onWritten(encoding === 'latin1' ? 'latin1' : 'utf8')
    }
    return original.call(res, data, encoding, ...rest)
  }
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
