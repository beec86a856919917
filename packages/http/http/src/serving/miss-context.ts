import type { ComputeContext } from '@larder/core'
import type { HandlerRun, OriginResponse } from '../contracts/handler'
import type { Fields } from '../fields/fields'
import type { StoredResponse } from '../policy/stored-response'
import type { Exchange } from './exchange'

/** Runs the handler and receives its response, for a client or for a background refresh. */
export interface ResponseSink {
  run(run: HandlerRun): Promise<OriginResponse>
  /** Takes the response as it streams; `changes` replace fields of the same names. */
  deliver(response: OriginResponse, changes: Fields): void
}

/** A key without a usable response, and the computation that is going to fill it. */
export interface MissContext {
  readonly exchange: Exchange
  readonly key: string
  readonly context: ComputeContext<StoredResponse | undefined>
  readonly sink: ResponseSink
}
