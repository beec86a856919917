import type { Duration, Invalidated } from '@larder/core'
import type { FieldRecord } from '../fields/field-record'
import type { Fields } from '../fields/fields'

/** Status and fields of a response as the handler, and the layers between it and the cache, have set them. */
export interface OriginHead {
  readonly status: number
  /** Without those that belong to this request alone: set before the cache passed it on, or describing it, such as its id. */
  readonly fields: Fields
  /** Those that belong to this request alone: they are sent with whatever answers it. */
  readonly requestFields?: Fields | undefined
  /** Names of fields that were set before, and have been removed since. */
  readonly removedNames?: readonly string[] | undefined
  /**
   * Those of `cache-control` and `expires` in `fields` that layers in front of the cache have set: they decide whether this
   * response is stored, and are not stored with it.
   */
  readonly frontTerms?: readonly string[] | undefined
}

/** A head at the moment it is sent. */
export interface SentHead extends OriginHead {
  /** All fields that the client receives: those of the layers in front of the cache too. */
  readonly sentFields: Fields
  /** The body, if it is written in one piece together with the head. */
  readonly body?: Uint8Array | undefined
}

/**
 * The fate of a response of which nothing has been sent: it flows to its client, is replaced by an answer of the cache,
 * or is answered by 304 with these fields while its body only fills the store.
 */
export type HeadDecision = 'send' | 'replace' | { readonly notModified: Fields }

/** How the values of a head were written: one octet for each character up to U+00FF, or UTF-8. */
export type HeadCharset = 'latin1' | 'utf8'

/** How a response flows to its client. */
export interface SendInstructions {
  /** Fields to send, in place of those of the same names, or after them where `isAppended` says so (RFC 9211 §2). */
  readonly added: Fields
  /** A copy of the body is wanted, unless it is larger than this many bytes. */
  readonly copyLimit?: number | undefined
  /**
   * `finish` or `abort` is wanted even without a copy. Integrations that cannot tell when the handler is done, because a
   * stream of its own is all that they get, leave it out.
   */
  readonly isObservedToEnd?: boolean | undefined
  /** The client receives nothing before this settles. */
  readonly holdUntil?: Promise<unknown> | undefined
}

/**
 * Observes one run of the handler. An integration calls it while the response flows to its client: `decideHead` only for
 * a replaceable run, then `prepareSending`, then one of the other three. All calls are synchronous and never throw.
 */
export interface ResponseObserver {
  /** The handler has set the head of a replaceable response, and nothing has been sent. */
  decideHead(head: OriginHead): HeadDecision
  /**
   * The head is about to be sent. Called once, and not for a replaced response; again, if the runtime has refused the head
   * and the handler has set another one.
   */
  prepareSending(head: SentHead): SendInstructions
  /**
   * The handler has ended the response. `body` is its copy, if one was wanted and it is complete and small enough;
   * `sentFields`, the fields that the client received, if they were not complete in `prepareSending`; `charset`, how their
   * values were written, `latin1` by default: a hit writes the same octets.
   */
  finish(body: Uint8Array | undefined, sentFields?: Fields, charset?: HeadCharset): void
  /** The handler threw. Returns whether the cache answers in its place. */
  fail(error: unknown): boolean
  /** The response was closed before its end: the client left, or the response was destroyed. */
  abort(): void
}

/** The handler's control over caching its response, as `req.larder`. Has no effect if the response is not stored. */
export interface ResponseHints {
  /** Adds tags to the stored response: it ends when one of them is invalidated. */
  tag(...tags: string[]): void
  /** Sets how long the response is fresh. Overrides both the route's `ttl` and the response's `Cache-Control`. */
  ttl(duration: Duration): void
  /** Keeps the response out of the store. */
  skip(): void
  /** Invalidates every entry with one of these tags: data and stored responses. Works on every request. */
  invalidate(tags: string | readonly string[]): Promise<Invalidated>
  /**
   * Invalidates the responses stored for one user on all private routes. `id` is what the option `user` returns for this
   * user. Works on every request.
   */
  invalidateUser(id: string | number): Promise<Invalidated>
}

/** Input for one run of the handler. */
export interface HandlerRun {
  /** Request fields that the handler sees instead of the client's; `undefined` removes a field. */
  readonly changes: Readonly<Record<string, string | undefined>>
  /** To be exposed to the handler, as `req.larder`. */
  readonly hints: ResponseHints
  /** The cache may answer in the handler's place, and decides that by `decideHead` before anything is sent. */
  readonly isReplaceable: boolean
}

/** The application behind the cache, as an integration describes it for one request. */
export interface Handler {
  /** Runs the handler. Its response flows to the client, and `observer` sees it on its way. */
  run(run: HandlerRun, observer: ResponseObserver): void
  /** Runs the handler unobserved; `onHead`, if given, sees the head that is sent and may add fields. */
  passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): void
  /**
   * Runs the handler on a copy of the request with no client attached, to refresh a stored response. Leave it out if
   * the framework cannot do that: `staleWhileRevalidate` has no effect then.
   */
  readonly runInBackground?: ((run: HandlerRun, observer: ResponseObserver) => void) | undefined
  /** Keeps the runtime alive until the promise settles, for runtimes that stop once the client has its response. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** The result of `HttpCache.handle`: a response to send, or the note that the handler's response is on its way. */
export type Answer =
  | {
      /** A stored response, or one made by the cache such as a 504: the integration sends it. */
      readonly from: 'store'
      readonly status: number
      readonly fields: FieldRecord
      /** Names of fields to remove from the response, if a layer in front of the cache has set them. */
      readonly removedNames?: readonly string[] | undefined
      /** `cache-control` is the cache's own: `cache-control` and `expires` of a layer in front of the cache replace it. */
      readonly hasDefaultTerms?: boolean | undefined
      /** The stored bytes themselves: not to be modified. */
      readonly body: Uint8Array | undefined
    }
  | { readonly from: 'handler' }
