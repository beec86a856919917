import type { Duration, Invalidated } from '@larder/core'
import type { FieldRecord } from '../fields/field-record'
import type { Fields } from '../fields/fields'

/** What a handler answered. Its body is still on the way, and nobody has been sent anything. */
export interface OriginResponse {
  readonly status: number
  /** As the handler set them. */
  readonly fields: Fields
  /**
   * A copy of the whole body, once all of it has come. `undefined`: it was cut off, or is larger than `limit` bytes. Asked
   * for before the response is passed on or dropped.
   */
  keep(limit: number): Promise<Uint8Array | undefined>
  /** Lets it go to the client, with these fields instead of its own of the same names. */
  pass(changes: Fields): void
  /** The client does not get it. */
  drop(): void
}

/** What a handler can say about the response it makes; harmless where nothing is cached. */
export interface Larder {
  /** Ends the response with whatever ends these tags. */
  tag(...tags: string[]): void
  /** How long the response is fresh, whatever the route or the response says. */
  ttl(duration: Duration): void
  /** The response is not stored. */
  skip(): void
  /** Ends everything that carries one of these tags, data and responses. */
  invalidate(tags: string | readonly string[]): Promise<Invalidated>
}

/** One run of a handler. */
export interface HandlerRun {
  /** Fields of the request that the handler gets instead of the client's; `undefined` takes one away. */
  readonly changes: Readonly<Record<string, string | undefined>>
  readonly larder: Larder
}

/** The application behind the cache. */
export interface Handler {
  /** Runs it for the client. Resolves when it has said its status and fields; rejects with what it throws. */
  run(run: HandlerRun): Promise<OriginResponse>
  /** Runs it for the client with nothing in between. Resolves when it has taken over; rejects with what it throws. */
  pass(larder: Larder): Promise<void>
  /** Runs it with nobody waiting, to refresh what is stored. Undefined where the framework has no way to. */
  readonly rerun?: ((run: HandlerRun) => Promise<OriginResponse>) | undefined
  /** Keeps the runtime going until this is done, though the client has been answered; for runtimes that stop then. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/**
 * How a request was answered: from the store (send this), or by the handler (its response has been passed on).
 */
export type Answer =
  | {
      readonly from: 'store'
      readonly status: number
      readonly fields: FieldRecord
      /** The cache's own: not to be changed. */
      readonly body: Uint8Array | undefined
    }
  | { readonly from: 'handler' }
