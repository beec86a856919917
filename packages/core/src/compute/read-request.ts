import type { ComputeContext } from '../contracts/compute'
import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import type { Rules } from './rules'

/** One call for a value, with everything in force for it. */
export interface ReadRequest {
  /** Qualified by its namespace. */
  readonly key: string
  compute(context: ComputeContext): unknown
  readonly rules: Rules
  /** Tags of the namespaces around the key. */
  readonly scopeTags: readonly string[]
  /** Nothing cached will do. */
  readonly fresh: boolean
  /** Whether this cached value will do. */
  readonly serveIf: ((value: never) => boolean) | undefined
  readonly signal: AbortSignal | undefined
  /** Set where many keys are looked up and computed together, which is done without leases. */
  readonly batch?: BatchPart | undefined
}

/** Whether the caller takes what is cached. Errors that are remembered are not asked about. */
export function acceptsEntry({ serveIf }: ReadRequest, entry: LocalEntry): boolean {
  return serveIf === undefined || entry.kind === 'error' || serveIf(entry.value as never)
}

/** One key's part in a computation of many. */
export interface BatchPart {
  /** Somebody else computes the key: nobody needs to wait to hear whether it is missing. */
  decided(): void
}

/** What a read came to. */
export interface LoadResult {
  readonly entry: LocalEntry
  /** Where it came from: a tier's name, or `computed`. */
  readonly tier: string
  readonly isFresh: boolean
  /** Why it was computed, where that was found out by looking for it. */
  readonly reason?: MissReason | undefined
}
