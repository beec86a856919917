import type { ServerResponse } from 'node:http'
import {
  type BodyCopy,
  createBodyCopy,
  type FieldRecord,
  type Fields,
  type OriginResponse,
} from '@larder/http'
import { type BodyChunk, parseChunk } from './body-chunk'
import { createChunkQueue } from './chunk-queue'
import { readFields, resetFields, setFields } from './message-fields'

/** A response whose methods are replaced: the handler believes that it answers, but the cache decides. */
export interface InterceptedResponse {
  /** Resolves when the handler has set status and fields. */
  readonly head: Promise<OriginResponse>
  /** Sends another response instead of the handler's. */
  sendInstead(status: number, fields: FieldRecord, body: Uint8Array | undefined): void
  /** Restores the response to its state before the handler ran, so that an error handler can answer. */
  restore(): void
}

/**
 * Intercepts the handler's response until the cache has decided. From the moment the handler commits to status and
 * fields, its writes are held back. Then they are sent unchanged or discarded.
 */
export function interceptResponse(res: ServerResponse): InterceptedResponse {
  const original = originalMethods(res)
  const fieldsBefore = res.getHeaders()
  const queue = createChunkQueue(res)
  let isCommitted = false
  let sendHead = () => undefined as unknown
  let copy: BodyCopy | undefined
  let resolveHead: (response: OriginResponse) => void = () => undefined
  const head = new Promise<OriginResponse>((resolve) => {
    resolveHead = resolve
  })

  /** The handler has committed to status and fields. `whenSent` repeats its call once the response is sent. */
  function commitHead(whenSent: () => unknown): void {
    if (isCommitted) return
    isCommitted = true
    sendHead = whenSent
    Object.defineProperty(res, 'headersSent', { configurable: true, get: () => true })
    resolveHead({ status: res.statusCode, fields: readFields(res), copyBody, sendToClient, discard })
  }

  function sendChunk({ bytes, isLast, callback }: BodyChunk): boolean {
    if (bytes !== undefined) copy?.addChunk(bytes)
    if (!isLast) return original.write.call(res, bytes, 'utf8', callback)
    copy?.complete()
    original.end.call(res, bytes, 'utf8', callback)
    return true
  }

  function discardChunk({ bytes, isLast, callback }: BodyChunk): boolean {
    if (bytes !== undefined) copy?.addChunk(bytes)
    if (isLast) copy?.complete()
    if (callback !== undefined) process.nextTick(callback)
    return true
  }

  function copyBody(limit: number): Promise<Uint8Array | undefined> {
    copy = createBodyCopy(limit)
    // A connection that closes before the end leaves an incomplete body.
    res.once('close', copy.abandon)
    return copy.whole
  }

  function sendToClient(changes: Fields): void {
    Reflect.deleteProperty(res, 'headersSent')
    Object.assign(res, copy === undefined ? original : { ...original, write: res.write, end: res.end })
    for (const [name, value] of changes) res.setHeader(name, value)
    sendHead()
    queue.startConsuming(sendChunk)
  }

  function discard(): void {
    queue.startConsuming(discardChunk)
  }

  function resetHead(): void {
    Reflect.deleteProperty(res, 'headersSent')
    if (isCommitted) resetFields(res, fieldsBefore)
    res.statusMessage = ''
  }

  function takeChunk(args: readonly unknown[], isLast: boolean): boolean {
    const chunk = parseChunk(args, isLast)
    commitHead(() => undefined)
    return queue.addChunk(chunk)
  }

  replaceMethods(res, original, { isCommitted: () => isCommitted, commitHead, takeChunk })

  return {
    head,
    restore() {
      resetHead()
      Object.assign(res, original)
    },
    sendInstead(status, fields, body) {
      resetHead()
      original.writeHead.call(res, status, fields)
      original.end.call(res, body, 'utf8', undefined)
    },
  }
}

type ResponseMethods = Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'flushHeaders'>

function originalMethods({ writeHead, write, end, flushHeaders }: ServerResponse): ResponseMethods {
  return { writeHead, write, end, flushHeaders }
}

/** Receives the handler's calls on its response. */
interface HandlerCalls {
  isCommitted(): boolean
  commitHead(whenSent: () => unknown): void
  takeChunk(args: readonly unknown[], isLast: boolean): boolean
}

function replaceMethods(res: ServerResponse, original: ResponseMethods, calls: HandlerCalls): void {
  Object.assign(res, {
    writeHead(status: number, ...rest: unknown[]) {
      if (calls.isCommitted()) return res
      const reason = typeof rest[0] === 'string' ? (rest.shift() as string) : undefined
      res.statusCode = status
      if (reason !== undefined) res.statusMessage = reason
      setFields(
        res,
        rest.find((argument) => argument !== undefined),
      )
      calls.commitHead(() => original.writeHead.call(res, res.statusCode))
      return res
    },
    flushHeaders: () => calls.commitHead(() => original.flushHeaders.call(res)),
    write: (...args: unknown[]) => calls.takeChunk(args, false),
    end(...args: unknown[]) {
      calls.takeChunk(args, true)
      return res
    },
  })
}
