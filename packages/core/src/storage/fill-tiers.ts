import type { LocalEntry } from '../entry/local-entry'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { LocalCopies } from './local-copies'
import type { SharedTierClient } from './shared-tier-client'

/** Dependencies of {@link createFillTiers}. */
interface FillTiersOptions {
  /** From near to far. */
  readonly clients: readonly SharedTierClient[]
  readonly copies: LocalCopies
  runInBackground(work: Promise<unknown>): void
}

/** Writes entries to the shared tiers. Until they arrive there, reads find them in this process. */
export function createFillTiers({ clients, copies, runInBackground }: FillTiersOptions) {
  async function writeTo(
    targets: readonly SharedTierClient[],
    entries: readonly LocalEntry[],
    counts?: FunctionCounts,
    lease?: string,
  ): Promise<boolean> {
    if (targets.length === 0) return true
    copies.addPendingWrites(entries)
    try {
      const written = await Promise.all(targets.map((target) => target.writeEntries(entries, counts, lease)))
      return written.every(Boolean)
    } finally {
      copies.removePendingWrites(entries)
    }
  }

  return {
    /** Writes entries of one function to every shared tier. Never rejects; returns whether all tiers took all entries. */
    writeShared: (entries: readonly LocalEntry[], counts: FunctionCounts, lease?: string) =>
      writeTo(clients, entries, counts, lease),

    /** Copies entries found at `depth` into this process and the shared tiers before it. */
    fillTiersBefore(depth: number, found: readonly LocalEntry[]): void {
      for (const entry of found) copies.storeLocally(entry)
      if (depth > 0 && found.length > 0) runInBackground(writeTo(clients.slice(0, depth), found))
    },
  }
}
