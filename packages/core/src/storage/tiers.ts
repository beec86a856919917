import type { LocalTier, ScanPage } from '../contracts/store'
import type { LocalEntry } from '../entry/local-entry'
import type { Recorder } from '../telemetry/recorder'
import { createBackgroundWork } from './background-work'
import { createFillTiers } from './fill-tiers'
import type { GuardedTier } from './guarded-tier'
import { pageOfKeys } from './key-page'
import { createLocalCopies, type LocalCopies } from './local-copies'
import type { Inspection } from './lookup'
import { createSharedLookup } from './shared-lookup'
import { createSharedTierClient, type SharedTierClient } from './shared-tier-client'
import type { Validity } from './validity'

/** Dependencies of {@link createTiers}. */
interface TiersOptions {
  readonly local: LocalTier | undefined
  /** From near to far. */
  readonly shared: readonly GuardedTier[]
  readonly validity: Validity
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  /** The log's clock minus the monotonic clock, in ms. */
  clockOffset(): number
  readonly recorder: Recorder
  /** Examines an entry that was made in this process and is about to be stored. */
  examineEntry(entry: LocalEntry): void
}

/** How long the tombstone of a deleted key rejects older entries that arrive late, in ms: longer than any computation may take. */
export const tombstoneTtl = 600_000

/** Keys of a shared tier per page of a sweep. */
const sweepPageSize = 1_000

/** Entries of this process per page of a sweep: about 10 ms of the event loop. */
const localSweepPageSize = 5_000

/**
 * All tiers of a cache, from near to far. An entry found in a far tier is copied into the tiers before it, with its
 * remaining freshness. No failure of a tier reaches a caller.
 */
export function createTiers(options: TiersOptions) {
  const { validity } = options
  const background = createBackgroundWork()
  const { runInBackground } = background
  const clients = options.shared.map((tier) => createSharedTierClient(tier, { ...options, runInBackground }))
  const copies = createLocalCopies(options)
  const { writeShared, fillTiersBefore } = createFillTiers({ clients, copies, runInBackground })
  const lookup = createSharedLookup({ clients, validity, fillTiersBefore })

  return {
    ...copies,
    ...lookup,
    ...background,
    isShared: clients.length > 0,
    writeShared,

    /** Stores an entry that was made in this process, unless the local tier holds a newer one that may still be served. */
    storeLocally(entry: LocalEntry): void {
      options.examineEntry(entry)
      copies.storeLocally(entry)
    },

    /** The outcome that a read of the key would have now. Neither counts as a use nor copies entries. */
    inspectKey(key: string): Promise<Inspection> {
      const entry = copies.peek(key)
      return lookup.inspectFrom(entry && { entry, tier: copies.localName }, key)
    },

    /**
     * Removes keys from every shared tier, and rejects older entries that arrive within `keepFor` ms. Never rejects: the log
     * ends those entries as well. Returns whether every tier succeeded.
     */
    async deleteShared(keys: readonly string[], position: number, keepFor = tombstoneTtl): Promise<boolean> {
      const deleted = await Promise.allSettled(
        clients.map((client) => client.deleteOlder(keys, position, keepFor)),
      )
      return deleted.every(({ status }) => status === 'fulfilled')
    },

    /** A page of keys of the farthest tier that can list them: it holds every entry that the tiers before it hold. */
    async scanKeys(cursor: string | undefined, count: number): Promise<ScanPage> {
      const farthest = clients.findLast(({ scanKeys }) => scanKeys !== undefined)
      if (farthest?.scanKeys !== undefined) return farthest.scanKeys(cursor, count)
      return pageOfKeys(copies.localEntries(), cursor, count)
    },

    /** Removes entries that can never be served again, pausing after each page. Returns how many it removed. */
    async sweepAll(pause: () => Promise<void>): Promise<number> {
      let removed = 0
      for (const client of clients) removed += await sweepShared(client, pause)
      return removed + (await sweepLocal(copies, validity, pause))
    },
  }
}

export type Tiers = ReturnType<typeof createTiers>

async function sweepShared(client: SharedTierClient, pause: () => Promise<void>): Promise<number> {
  if (client.scanKeys === undefined) return 0
  let removed = 0
  let page: ScanPage = { keys: [], cursor: undefined }
  do {
    page = await client.scanKeys(page.cursor, sweepPageSize)
    removed += await client.sweepKeys(page.keys)
    await pause()
  } while (page.cursor !== undefined)
  return removed
}

async function sweepLocal(
  { localEntries, deleteLocal }: LocalCopies,
  validity: Validity,
  pause: () => Promise<void>,
): Promise<number> {
  let removed = 0
  let seen = 0
  for (const entry of localEntries()) {
    seen += 1
    if (validity.stateOf(entry) === 'dead') {
      deleteLocal(entry.key)
      removed += 1
    }
    if (seen % localSweepPageSize === 0) await pause()
  }
  return removed
}
