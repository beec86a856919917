import type { FillOutcome } from '../contracts/events'
import type { Lease } from '../contracts/lease'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { elapsedBetween } from '../entry/moment'
import { unstorableTag } from '../entry/reserved-tags'
import type { Follower } from '../invalidation/follower'
import { type Tiers, tombstoneTtl } from '../storage/tiers'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { ExpiringSet } from './expiring-set'
import type { EntryRequest } from './read-request'
import type { ComputedEntry } from './run-computation'
import type { SharedSingleFlight } from './shared-single-flight'

/** Dependencies of {@link createFill}. */
interface FillOptions {
  readonly follower: Follower
  readonly tiers: Tiers
  readonly leases: SharedSingleFlight | undefined
  /** Keys whose last value was not cacheable. */
  readonly hitForMiss: ExpiringSet
  /** Keys whose last value could not be stored: their stale entries are not served any longer. */
  readonly superseded: ExpiringSet
  readonly recorder: Recorder
  isClosed(): boolean
}

/** How long callers of a key whose value was not cacheable compute without a lease, in ms. */
const hitForMissTtl = 10_000

/** Stores the results of computations, unless they are not cacheable or an invalidation has overtaken them. */
export function createFill(options: FillOptions) {
  const { follower, tiers, leases, hitForMiss, superseded, recorder } = options
  const { table } = follower

  function fillOutcome({ entry, endedAt, skipReason }: ComputedEntry): FillOutcome {
    if (skipReason !== undefined) return 'skipped'
    const isLate = elapsedBetween(entry.startedAt, endedAt) > tombstoneTtl || entry.asOf < table.keysFloor
    return isLate || table.judge(entry) === 'dead' ? 'outdated' : 'stored'
  }

  /** Writes to the shared tiers. Processes that wait for the lease are woken even if the write fails. */
  async function writeUnderLease(
    entry: LocalEntry,
    counts: FunctionCounts,
    lease: Lease | undefined,
  ): Promise<void> {
    const isWritten = await tiers.writeShared([entry], counts, lease?.token)
    if (!isWritten && lease !== undefined) leases?.releaseLease(lease)
  }

  return (
    request: EntryRequest,
    computed: ComputedEntry,
    stamp: Stamp,
    lease: Lease | undefined,
  ): FillOutcome => {
    const { key, counts } = request
    const { entry, skipReason } = computed
    // A computation that began after the close has not recorded what it read.
    if (options.isClosed()) {
      if (lease !== undefined) leases?.releaseLease(lease)
      return 'skipped'
    }
    const outcome = fillOutcome(computed)
    if (outcome === 'skipped') {
      hitForMiss.add(key, hitForMissTtl)
      const isNews = entry.kind === 'value' && entry.tags.includes(unstorableTag)
      if (isNews) superseded.add(key, hitForMissTtl)
    }
    if (outcome === 'stored') tiers.storeLocally(entry)
    const isShared = outcome === 'stored' && stamp.position >= 0 && tiers.isShared
    if (isShared) tiers.runInBackground(writeUnderLease(entry, counts, lease))
    else if (lease !== undefined) leases?.releaseLease(lease)
    recorder.fill(request, outcome, skipReason)
    return outcome
  }
}

export type Fill = ReturnType<typeof createFill>
