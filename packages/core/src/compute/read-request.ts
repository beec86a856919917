import { toAnswer } from '../arguments/option-kinds'
import type { ComputeContext } from '../contracts/compute'
import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/entry'
import type { Hit, Miss, Stale } from '../storage/lookup'
import type { CountedKey } from '../telemetry/function-counts'
import type { Demand } from './demand'
import type { Rules } from './rules'
import type { Flight } from './single-flight'
import type { SourceLimit } from './source-limit'

/** The key of an entry, qualified by its namespace, and how its value is cached. */
export interface EntryRequest extends CountedKey {
  readonly rules: Rules
  /** Tags of the namespaces around the key. */
  readonly scopeTags: readonly string[]
}

/** One call for a value, with all options resolved. */
export interface ReadRequest extends EntryRequest {
  compute(context: ComputeContext): unknown
  /** Why cached entries must not be served, if so. */
  readonly mustCompute: Miss | undefined
  /** The demand of the reads inside the computation. */
  readonly innerDemand: Demand
  /** Set for a read that demands more than the bound: whether the entry reflects every invalidation, soft ones too. */
  readonly reflectsAll?: ((entry: LocalEntry) => boolean) | undefined
  /** Whether the caller accepts this cached value. */
  readonly serveIf: ((value: never) => boolean) | undefined
  readonly signal: AbortSignal | undefined
  /** The limit on computations of the function that computes this value. */
  readonly limit?: SourceLimit | undefined
  /** Set for the keys of `getManyOrCompute`, which are computed together. */
  readonly batch?: BatchMember | undefined
}

/** Whether the caller accepts the cached entry. Remembered errors are not passed to `serveIf`. */
export function acceptsEntry({ reflectsAll, serveIf }: ReadRequest, entry: LocalEntry): boolean {
  if (reflectsAll !== undefined && !reflectsAll(entry)) return false
  if (serveIf === undefined || entry.kind === 'error') return true
  return toAnswer('serveIf', serveIf(entry.value as never))
}

/** One key of a batch that is computed by one call. */
interface BatchMember {
  /** Whether leases of single keys would cost more than they save. */
  readonly isLarge: boolean
  /** Another caller or process computes the key: the batch need not wait to know whether it is missing. */
  markDecided(): void
  /** Whether the function that computes the key has not been called yet. */
  isPending(): boolean
}

/** The result of a flight: a cached entry, or a computed one. */
export type LoadResult = Hit | Stale | Computed

export interface Computed {
  readonly outcome: 'miss'
  readonly entry: LocalEntry
  /** Why it was computed, if the lookup before it found a reason. */
  readonly reason: MissReason | undefined
  /** Whether the computation read a stale value. */
  readonly isMadeOfStale: boolean
}

/** The work of one flight: a lookup, and a computation if it finds no entry to serve. */
export interface LoadJob {
  readonly request: ReadRequest
  readonly flight: Flight<LoadResult>
  /** This process's entry of the key, in any state. */
  readonly local: LocalEntry | undefined
  /** The entry that a background refresh replaces. */
  readonly replaced: LocalEntry | undefined
  /** The old entry that was found, which may be served if the computation fails. */
  readonly old?: Hit | Stale | undefined
  /** The fingerprint of the stored entry that was found. */
  readonly known?: Uint8Array | undefined
  /** Why a computation is needed, if the lookup found out. */
  readonly reason?: MissReason | undefined
}
