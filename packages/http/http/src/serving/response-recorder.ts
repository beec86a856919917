import type {
  HeadCharset,
  HeadDecision,
  OriginHead,
  ResponseObserver,
  SendInstructions,
  SentHead,
} from '../contracts/handler'
import { cacheStatusField } from '../fields/cache-status'
import { makeEntityTag } from '../fields/entity-tag'
import { type Fields, fieldValue, omitFields, replaceFields } from '../fields/fields'
import { isNotModified, notModifiedFields } from '../policy/conditional'
import { canServeOnError } from '../policy/reuse'
import { reasonNotSharedAsSent } from '../policy/storability'
import type { StoredResponse } from '../policy/stored-response'
import { type Draft, draftResponse, type Rejection } from './draft'
import {
  cdnTags,
  finishEntry,
  freshenStored,
  hasAnnouncedLength,
  inOctets,
  reusePrevious,
  tagEntry,
} from './fill-entry'
import type { MissContext } from './miss-context'
import { ResponseClosed } from './response-closed'
import type { RecordedHints } from './response-hints'
import type { ResponseStorerOptions } from './response-storer-options'

/** Gateway and server errors that `stale-if-error` covers (RFC 5861 §4). */
const errorStatuses = new Set([500, 502, 503, 504])

/** The cache's own terms for clients give way to those of layers in front of it. */
const ownTerms = new Set(['cache-control'])

/** One run of the handler, and the stored response that it may confirm or that may replace its error. */
export interface OriginRun {
  readonly previous: StoredResponse | undefined
  /** The handler was asked whether `previous` is still current. */
  readonly isValidation: boolean
  /** The client's own conditions were removed from the request, so they are answered here. */
  readonly answersConditions: boolean
  readonly hints: RecordedHints
  /** In ms since the epoch. */
  readonly requestTime: number
}

/**
 * Decides about the handler's response while it flows: whether the cache answers instead, whether a copy is stored.
 * `result` resolves with the response to share: a new one, or the previous one if the handler confirmed it or failed;
 * with `undefined` if there is none; it rejects if the run ended without a response.
 */
export class ResponseRecorder implements ResponseObserver {
  readonly result: Promise<StoredResponse | undefined>
  readonly #options: ResponseStorerOptions
  readonly #miss: MissContext
  readonly #run: OriginRun
  #resolve: (stored: StoredResponse | undefined | Promise<StoredResponse | undefined>) => void = () =>
    undefined
  #reject: (error: unknown) => void = () => undefined
  #draft: Draft | undefined
  /** The fields that the client receives unless layers in front of the cache change them. */
  #fields: Fields = []
  #isReplaced = false
  #hasEnded = false

  constructor(options: ResponseStorerOptions, miss: MissContext, run: OriginRun) {
    this.#options = options
    this.#miss = miss
    this.#run = run
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  decideHead(head: OriginHead): HeadDecision {
    const { previous, isValidation, answersConditions } = this.#run
    const { exchange } = this.#miss
    if (head.status === 304 && previous !== undefined && isValidation)
      return this.#replaceWith(freshenStored(this.#options, this.#miss, this.#run, { previous, head }))
    const fallback = errorStatuses.has(head.status) ? this.#findFallback() : undefined
    if (fallback !== undefined) return this.#replaceWith(reusePrevious(this.#miss, fallback))
    const isKnown = isNotModified(head.status, head.fields, exchange.request.headers)
    return answersConditions && isKnown ? { notModified: notModifiedFields(head.fields) } : 'send'
  }

  prepareSending(head: SentHead): SendInstructions {
    const { exchange, context, sink } = this.#miss
    const { hitForMiss, cache, name } = this.#options
    const draft = this.#draftFrom(head)
    if ('reasonNotStorable' in draft) {
      context.skip()
      // A 304 answers the client's own condition, and says nothing about the whole response.
      if (head.status !== 304) hitForMiss.recordOutcome(exchange, false)
      sink.onHead(false)
      this.#resolve(undefined)
      return { added: this.#options.bypassStatus(detailOf(draft)) }
    }
    this.#draft = draft
    hitForMiss.recordOutcome(exchange, true)
    sink.onHead(true)
    const forward = this.#run.previous === undefined ? 'miss' : 'stale'
    const status = cacheStatusField(name, { forward, isStored: cache.enabled })
    // Tags that the handler adds while its body streams reach the stored response only, not this client.
    const added = [
      ...(head.frontTerms === undefined ? draft.added : omitFields(draft.added, ownTerms)),
      ...entityTagOf(head),
      ...cdnTags(this.#options, exchange, context.tags),
      ...status,
    ]
    this.#fields = replaceFields(head.fields, added)
    return { added, copyLimit: exchange.rule.maxBodySize }
  }

  finish(body: Uint8Array | undefined, sentFields?: Fields, charset: HeadCharset = 'latin1'): void {
    if (this.#isReplaced || this.#hasEnded) return
    this.#hasEnded = true
    if (this.#draft !== undefined && body !== undefined && this.#isStorable(body, sentFields)) {
      this.#resolve(finishEntry(this.#options, this.#miss, inOctets(this.#draft, charset), body))
      return
    }
    if (this.#draft !== undefined) this.#options.hitForMiss.addUnstorableBody(this.#miss.exchange)
    this.#miss.context.skip()
    this.#resolve(undefined)
  }

  fail(error: unknown): boolean {
    if (this.#isReplaced) return true
    const fallback = this.#findFallback()
    if (fallback === undefined) this.#reject(error)
    else this.#replaceWith(reusePrevious(this.#miss, fallback))
    return fallback !== undefined
  }

  abort(): void {
    if (this.#isReplaced || this.#hasEnded) return
    this.#hasEnded = true
    this.#miss.context.skip()
    this.#reject(new ResponseClosed())
  }

  /** The previous response, if it may be served in place of an error. */
  #findFallback(): StoredResponse | undefined {
    const { previous } = this.#run
    const { requestDirectives } = this.#miss.exchange
    const isAllowed =
      previous !== undefined && canServeOnError(previous, requestDirectives, this.#options.now())
    return isAllowed ? previous : undefined
  }

  #replaceWith(stored: StoredResponse | undefined | Promise<StoredResponse | undefined>): HeadDecision {
    this.#isReplaced = true
    this.#resolve(stored)
    return 'replace'
  }

  /** An exception of the rule's functions keeps the response out of the store, and never reaches the handler. */
  #draftFrom(head: SentHead): Draft | Rejection {
    const { hints, requestTime } = this.#run
    const { exchange } = this.#miss
    try {
      const { settings, now } = this.#options
      const times = { requestTime, responseTime: now() }
      const draft = draftResponse(exchange, head, times, hints, settings)
      if ('reasonNotStorable' in draft) return draft
      const reason = reasonNotSharedAsSent(head.sentFields, head.fields, exchange.rule)
      if (reason !== undefined) return { reasonNotStorable: reason }
      return tagEntry(this.#miss, head.fields) ? draft : { reasonNotStorable: 'invalid tags' }
    } catch (error) {
      return { reasonNotStorable: `a function of the rule failed: ${error}` }
    }
  }

  /** Judged again with what the layers in front of the cache have added, and the handler has said, since the head. */
  #isStorable(body: Uint8Array, sentFields: Fields | undefined): boolean {
    const { rule } = this.#miss.exchange
    const reason = sentFields && reasonNotSharedAsSent(sentFields, this.#fields, rule)
    return reason === undefined && !this.#run.hints.isSkipped && hasAnnouncedLength(this.#fields, body)
  }
}

/** The entity tag of a body that is written in one piece, so that its first client can revalidate as well. */
function entityTagOf({ body, status, sentFields }: SentHead): Fields {
  if (body === undefined || body.length === 0 || status === 204) return []
  if (fieldValue(sentFields, 'etag') !== undefined) return []
  const tag = makeEntityTag(body)
  return typeof tag === 'string' ? [['etag', tag]] : []
}

/** The reason as a token of `Cache-Status`, without what a function of the rule has thrown. */
function detailOf({ reasonNotStorable }: Rejection): string {
  const [reason = ''] = reasonNotStorable.split(/[,:]/)
  return reason.replaceAll(' ', '-')
}
