import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import type { Hit, Stale } from '../storage/lookup'
import type { LoadResult, ReadRequest } from './read-request'
import type { Flight } from './single-flight'

/** The work of one flight: a lookup, and a computation if it finds no entry to serve. */
export interface LoadJob {
  readonly request: ReadRequest
  readonly flight: Flight<LoadResult>
  /** The entry that a background refresh replaces. */
  readonly replaced: LocalEntry | undefined
  /** The old entry that was found, which may be served if the computation fails. */
  readonly old?: Hit | Stale | undefined
  /** The fingerprint of the stored entry that was found. */
  readonly known?: Uint8Array | undefined
  /** Why a computation is needed, if the lookup found out. */
  readonly reason?: MissReason | undefined
}
