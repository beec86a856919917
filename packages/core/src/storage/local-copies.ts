import type { LocalTier } from '../contracts/store'
import type { LocalEntry } from '../entry/entry'
import { capTtl } from './to-local-entry'
import type { Validity } from './validity'

/** Dependencies of {@link createLocalCopies}. */
interface LocalCopiesOptions {
  readonly local: LocalTier | undefined
  readonly validity: Validity
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
}

/** The entries in this process: those of the local tier, and those on their way to a shared tier. */
export function createLocalCopies({ local, validity, now }: LocalCopiesOptions) {
  /** Entries that are being written to shared tiers: reads find them here until they arrive there. */
  const pendingWrites = new Map<string, LocalEntry>()

  return {
    localName: local?.name ?? 'pending',
    localUsage: () => local?.usage(),
    localEntries: (): Iterable<LocalEntry> => local?.entries() ?? [],
    deleteLocal: (key: string): void => local?.delete(key),

    /** This process's entry for the key, in any state. Counts as a use for eviction. */
    getLocal(key: string): LocalEntry | undefined {
      return local?.get(key) ?? (pendingWrites.size > 0 ? pendingWrites.get(key) : undefined)
    },

    /** Like `getLocal`, but does not count as a use. */
    peek(key: string): LocalEntry | undefined {
      return local?.peek(key) ?? pendingWrites.get(key)
    },

    /** Stores an entry in the local tier, unless that holds a newer one that may still be served. */
    storeLocally(entry: LocalEntry): void {
      if (local === undefined) return
      const existing = local.peek(entry.key)
      if (existing !== undefined && existing.asOf > entry.asOf && validity.stateOf(existing) !== 'dead')
        return
      local.set(capTtl(entry, local.maxTtl, now()))
    },

    /** Lets reads find entries that are about to be written to shared tiers. */
    addPendingWrites(entries: readonly LocalEntry[]): void {
      for (const entry of entries) pendingWrites.set(entry.key, entry)
    },

    removePendingWrites(entries: readonly LocalEntry[]): void {
      for (const entry of entries) {
        if (pendingWrites.get(entry.key) === entry) pendingWrites.delete(entry.key)
      }
    },

    /** Removes this process's entry of the key if it is older than `position`. */
    forgetLocal(key: string, position: number): void {
      pendingWrites.delete(key)
      const existing = local?.peek(key)
      if (existing !== undefined && existing.asOf < position) local?.delete(key)
    },

    /** Removes every entry of this process. */
    clearLocal(): void {
      pendingWrites.clear()
      if (local === undefined) return
      for (const entry of [...local.entries()]) local.delete(entry.key)
    },
  }
}

export type LocalCopies = ReturnType<typeof createLocalCopies>
