import type { ServerResponse } from 'node:http'
import {
  type Answer,
  type BodyCopy,
  createBodyCopy,
  type FieldRecord,
  type Fields,
  type HeadDecision,
  joinFrontFields,
  type OriginHead,
  type ResponseObserver,
  toFieldRecord,
} from '@larder/http'
import { callBack, toBytes } from './body-bytes'
import { readFields, resetHead, withoutDropped } from './head-fields'
import { type ObservedSpan, readOriginHead } from './observed-span'
import { openWire } from './open-wire'
import { type Args, isOver, methodsOf, type ResponseMethods, restoreMethods } from './response-methods'
import type { Wire } from './wire'

/** How a response is observed. */
interface TapOptions extends ObservedSpan {
  /** The cache may answer instead: nothing is sent before the observer has decided. */
  readonly isReplaceable: boolean
  readonly observer: ResponseObserver
}

/**
 * Lets a response flow to its client by the very calls of its handler, and shows it to an observer on the way, at two
 * places. The response's own `writeHead`, `write` and `end` see it as the handler and the layers behind the cache have
 * made it: this is copied. The {@link Wire} sees the head after the layers in front of the cache.
 */
export class ResponseTap {
  readonly #res: ServerResponse
  readonly #options: TapOptions
  readonly #outer: ResponseMethods
  readonly #wire: Wire
  #isObserved = true
  /** The cache answers instead: what the handler writes reaches the copy, if there is one, and nothing else. */
  #isDiscarded = false
  /** The cache writes its answer. */
  #isAnswering = false
  #head: OriginHead | undefined
  #copy: BodyCopy | undefined
  /** The body that is written together with the head. */
  #bodyAtHead: Uint8Array | undefined
  /** The observer has decided about a replaceable head. */
  #isDecided: boolean
  /** The head is shown to the layers behind the cache, to be decided about, before it is written. */
  #isRehearsal = false
  #hasRehearsed = false
  #isEnding = false
  #hasEnded = false

  constructor(res: ServerResponse, options: TapOptions) {
    this.#res = res
    this.#options = options
    this.#isDecided = !options.isReplaceable
    this.#outer = methodsOf(res)
    this.#wire = openWire(res, (_status, sentFields) => this.#prepareSending(sentFields))
    if (isOver(res)) {
      this.#abort()
      return
    }
    Object.assign(res, this.#own)
    res.once('close', this.#abort)
  }

  readonly #own: ResponseMethods = {
    writeHead: (...args) => this.#writeHead(args),
    write: (...args) => this.#write(args),
    end: (...args) => this.#end(args),
  }

  /** The handler threw. Returns whether the cache answers in its place. */
  fail(error: unknown): boolean {
    if (!this.#isObserved || this.#isDiscarded) return false
    this.#close()
    return this.#options.observer.fail(error)
  }

  /** Sends an answer of the cache in place of the handler's. Without effect if a response has been sent. */
  answer(answer: Extract<Answer, { from: 'store' }>): void {
    const res = this.#res
    if (this.#isDiscarded) Reflect.deleteProperty(res, 'headersSent')
    if (isOver(res) || res.headersSent) return
    this.#close()
    resetHead(res, this.#options.fieldsBefore, answer.removedNames)
    const fields = joinFrontFields(answer, (name) => res.getHeader(name))
    this.#writeAnswer(answer.status, fields, answer.body)
  }

  #writeAnswer(status: number, fields: FieldRecord, body: Uint8Array | undefined): void {
    this.#isAnswering = true
    const requestFields = toFieldRecord(this.#head?.requestFields ?? [])
    this.#outer.writeHead.call(this.#res, status, { ...requestFields, ...fields })
    this.#outer.end.call(this.#res, body)
    this.#isAnswering = false
  }

  #writeHead(args: Args): ServerResponse {
    const res = this.#res
    if (this.#isDiscarded && !this.#isAnswering) return res
    if (this.#isObserved && !this.#isAnswering && !res.headersSent) {
      const head = readOriginHead(res, args, this.#options)
      this.#head = head
      if (!this.#isDecided) this.#carryOut(this.#options.observer.decideHead(head))
      if (this.#isRehearsal || this.#isDiscarded) return res
      if (!this.#wire.isObservable) this.#prepareUnseen(head)
    }
    return this.#outer.writeHead.apply(res, args as unknown[])
  }

  #write(args: Args): boolean {
    const write = () => this.#outer.write.apply(this.#res, args as unknown[])
    if (this.#isAnswering) return write()
    if (!this.#isDecided) this.#rehearseHead()
    if (this.#isDiscarded) {
      this.#swallow(args)
      return true
    }
    const hasRoom = this.#flow(write)
    if (!this.#isEnding) this.#copyChunk(args)
    return hasRoom
  }

  #end(args: Args): ServerResponse {
    const res = this.#res
    const end = () => this.#outer.end.apply(res, args as unknown[])
    if (this.#isAnswering) return end()
    if (!this.#isDecided) this.#rehearseHead()
    if (this.#isDiscarded) {
      this.#swallow(args)
      this.#finish()
      return res
    }
    // Within `end`, layers and HTTP/2 itself call `write` for the same chunk.
    this.#isEnding = true
    if (this.#head === undefined) this.#bodyAtHead = toBytes(args)
    try {
      this.#flow(end)
    } finally {
      this.#isEnding = false
    }
    this.#copyChunk(args)
    this.#hasEnded = true
    // A layer in front of the cache ends the response later, and lets through what the handler writes until then.
    if (this.#copy !== undefined && !res.writableEnded) res.once('finish', this.#finish)
    else this.#finish()
    return res
  }

  /** Shows an implicit head to all layers behind the cache, so that it is complete when it is decided about. */
  #rehearseHead(): void {
    this.#isRehearsal = true
    this.#res.writeHead(this.#res.statusCode)
    this.#isRehearsal = false
    this.#hasRehearsed = true
  }

  /** Writes in front of the cache. After a rehearsal, the implicit head skips the layers that have seen it. */
  #flow<T>(call: () => T): T {
    const res = this.#res
    if (!this.#hasRehearsed || res.headersSent) return call()
    const { writeHead } = res
    Object.assign(res, { writeHead: this.#own.writeHead })
    try {
      return call()
    } finally {
      this.#hasRehearsed = false
      if (res.writeHead === this.#own.writeHead) res.writeHead = writeHead
    }
  }

  #carryOut(decision: HeadDecision): void {
    this.#isDecided = true
    if (decision === 'send') return
    const res = this.#res
    this.#isDiscarded = true
    if (decision === 'replace') {
      Object.defineProperty(res, 'headersSent', { configurable: true, get: () => true })
      return
    }
    for (const name of res.getHeaderNames()) if (name.startsWith('content-')) res.removeHeader(name)
    this.#writeAnswer(304, toFieldRecord(decision.notModified), undefined)
  }

  #prepareSending(sentFields: Fields): Fields {
    const head = this.#head
    if (head === undefined || !this.#isObserved) return []
    const { added, copyLimit, isObservedToEnd, holdUntil } = this.#options.observer.prepareSending({
      ...head,
      fields: withoutDropped(head.fields, sentFields),
      sentFields,
      body: this.#bodyAtHead,
    })
    if (copyLimit !== undefined) this.#copy = createBodyCopy(copyLimit)
    else if (!isObservedToEnd) this.#close()
    if (holdUntil !== undefined) {
      const release = this.#wire.hold()
      holdUntil.then(release, release)
    }
    return added
  }

  /** Without an observable wire, the head is judged before the layers in front of the cache see it. */
  #prepareUnseen(head: OriginHead): void {
    const res = this.#res
    for (const [name, value] of this.#prepareSending(head.fields)) res.setHeader(name, value)
  }

  /** After the end, it is up to other layers whether a chunk reaches the client: the copy is of no use then. */
  #copyChunk(args: Args): void {
    if (this.#hasEnded) this.#copy = undefined
    const bytes = this.#copy && toBytes(args)
    if (bytes !== undefined) this.#copy?.addChunk(bytes)
  }

  /** Takes a chunk of a response that nobody receives. */
  #swallow(args: Args): void {
    this.#copyChunk(args)
    callBack(args)
  }

  /** The handler has ended its response: the body is complete, however slowly the client reads it. */
  readonly #finish = (): void => {
    if (!this.#isObserved) return
    const body = this.#copy?.bytes
    const sentFields = this.#wire.isObservable ? undefined : readFields(this.#res)
    this.#close()
    this.#options.observer.finish(body, sentFields, this.#wire.charset)
  }

  readonly #abort = (): void => {
    if (!this.#isObserved) return
    this.#close()
    this.#options.observer.abort()
  }

  /** Stops observing. */
  #close(): void {
    const res = this.#res
    this.#isObserved = false
    this.#isDecided = true
    this.#copy = undefined
    res.off('close', this.#abort)
    this.#wire.close()
    if (!this.#isDiscarded) restoreMethods(res, this.#own, this.#outer)
  }
}
