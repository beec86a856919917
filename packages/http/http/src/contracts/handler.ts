import type { Duration, Invalidated } from '@larder/core'
import type { FieldRecord } from '../fields/field-record'
import type { Fields } from '../fields/fields'

/** The handler's response: status and fields are known, the body is still to come, and the client has no byte yet. */
export interface OriginResponse {
  readonly status: number
  /** As the handler set them. */
  readonly fields: Fields
  /**
   * Copies the body while it streams. Call it before `sendToClient` or `discard`. Resolves with the complete body, or
   * with `undefined` if the body was cut off or is larger than `limit` bytes.
   */
  copyBody(limit: number): Promise<Uint8Array | undefined>
  /** Sends the response to the client. `changes` replace the handler's fields of the same names. */
  sendToClient(changes: Fields): void
  /** Keeps the response from the client; a copy of the body is still completed. */
  discard(): void
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
}

/** Input for one run of the handler. */
export interface HandlerRun {
  /** Request fields that the handler sees instead of the client's; `undefined` removes a field. */
  readonly changes: Readonly<Record<string, string | undefined>>
  /** To be exposed to the handler, as `req.larder`. */
  readonly hints: ResponseHints
}

/** The application behind the cache, as an integration describes it for one request. */
export interface Handler {
  /**
   * Runs the handler and intercepts its response. Resolves at status and fields; rejects with the handler's exception.
   */
  run(run: HandlerRun): Promise<OriginResponse>
  /** Runs the handler without interception. Resolves once the handler owns the response; rejects with its exception. */
  passThrough(hints: ResponseHints): Promise<void>
  /**
   * Runs the handler on a copy of the request with no client attached, to refresh a stored response. Leave it out if
   * the framework cannot do that: `staleWhileRevalidate` has no effect then.
   */
  readonly runInBackground?: ((run: HandlerRun) => Promise<OriginResponse>) | undefined
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
      /** The stored bytes themselves: not to be modified. */
      readonly body: Uint8Array | undefined
    }
  | { readonly from: 'handler' }
