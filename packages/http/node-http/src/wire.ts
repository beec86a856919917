import type { Fields, HeadCharset } from '@larder/http'

/**
 * Called when all layers have set their fields and the head is about to be written: once, unless the runtime refuses that
 * head. Returns fields to add.
 */
export type OnHead = (status: number, sentFields: Fields) => Fields

/**
 * The last step of a response before the network. All layers have seen the response when it arrives here, those in front
 * of the cache included.
 */
export interface Wire {
  /** False if this runtime has no such step: `OnHead` is then never called. */
  readonly isObservable: boolean
  /** How the values of the head were written. `latin1` until then. */
  readonly charset: HeadCharset
  /** Sends nothing until the returned function is called: to all layers, the client reads slowly. */
  hold(): () => void
  /** Stops observing. */
  close(): void
}
