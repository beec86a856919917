import type { ComputeContext } from '@larder/core'
import type { HandlerRun, ResponseObserver } from '../contracts/handler'
import type { StoredResponse } from '../policy/stored-response'
import type { Exchange } from './exchange'

/** Receives the handler's response: a client, or a background refresh. */
export interface ResponseSink {
  run(run: HandlerRun, observer: ResponseObserver): void
  /** The head is on its way to the client. `isStored`: a copy of the response is going to be stored. */
  onHead(isStored: boolean): void
  /** Whether a client waits, whose conditions the response may answer. */
  readonly hasClient: boolean
}

/** A key without a usable response, and the computation that is going to fill it. */
export interface MissContext {
  readonly exchange: Exchange
  readonly key: string
  readonly context: ComputeContext<StoredResponse | undefined>
  readonly sink: ResponseSink
}
