import type { ComputeContext } from '../contracts/compute'
import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import type { Rules } from './rules'

/** One call for a value, with all options resolved. */
export interface ReadRequest {
  /** Qualified by its namespace. */
  readonly key: string
  compute(context: ComputeContext): unknown
  readonly rules: Rules
  /** Tags of the namespaces around the key. */
  readonly scopeTags: readonly string[]
  /** Whether cached entries must not be served. */
  readonly fresh: boolean
  /** Whether the caller accepts this cached value. */
  readonly serveIf: ((value: never) => boolean) | undefined
  readonly signal: AbortSignal | undefined
  /** Set for the keys of `getManyOrCompute`, which are computed together and without leases. */
  readonly batch?: BatchMember | undefined
}

/** Whether the caller accepts the entry. Remembered errors are not passed to `serveIf`. */
export function acceptsEntry({ serveIf }: ReadRequest, entry: LocalEntry): boolean {
  return serveIf === undefined || entry.kind === 'error' || serveIf(entry.value as never)
}

/** One key of a batch that is computed by one call. */
export interface BatchMember {
  /** Another caller computes the key: the batch need not wait to know whether it is missing. */
  markDecided(): void
}

/** The result of a flight. */
export interface LoadResult {
  readonly entry: LocalEntry
  /** The name of the tier that held the entry, or `computed`. */
  readonly tier: string
  readonly isFresh: boolean
  /** Why it was computed, if the lookup before it found a reason. */
  readonly reason?: MissReason | undefined
}
