import type { FillOutcome } from '../contracts/events'
import type { Lease } from '../contracts/lease'
import type { LocalEntry, Stamp } from '../entry/entry'
import { elapsedBetween } from '../entry/moment'
import { unstorableTag } from '../entry/reserved-tags'
import type { Follower } from '../invalidation/follower'
import { longestComputation, type Tiers } from '../storage/tiers'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { Computation } from './context'
import { computationsAround } from './dependencies'
import type { ExpiringSet } from './expiring-set'
import type { EntryRequest, LoadJob, LoadResult } from './read-request'
import {
  type ComputeDependencies,
  type ComputedEntry,
  ComputeFailure,
  runComputation,
} from './run-computation'
import type { SharedSingleFlight } from './shared-single-flight'
import { isSourceBusy, type LimitTime, runWithinLimits, type SourceLimit } from './source-limit'

/** Dependencies of {@link createComputeAndFill}. */
export interface ComputeAndFillOptions {
  readonly follower: Follower
  readonly tiers: Tiers
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
  readonly fill: Fill
  /** The limit on computations of the cache. */
  readonly sourceLimit: SourceLimit | undefined
  readonly limitTime: LimitTime
  /** Keys whose source failed within `retryAfter`. */
  readonly recentlyFailed: ExpiringSet
}

/** Computes the value of a flight in this process and stores it, or the error if errors are remembered. */
export function createComputeAndFill(options: ComputeAndFillOptions) {
  const { follower, tiers, computeDependencies, recorder, fill, sourceLimit, limitTime, recentlyFailed } =
    options

  /** The keys of a batch are computed by one call, which takes a place for all of them. */
  function limitedRunOf({ request, flight }: LoadJob): Computation['runLimited'] {
    const { key, limit, batch, rules } = request
    const limits = [limit, sourceLimit].filter((item) => item !== undefined)
    if (batch !== undefined || limits.length === 0) return undefined
    const terms = { key, flight, hardTimeout: rules.hardTimeout, limitTime, listWaiters: computationsAround }
    return (capture, call) => runWithinLimits(limits, { ...terms, capture }, call)
  }

  return async (job: LoadJob, lease: Lease | undefined): Promise<LoadResult> => {
    const { request, flight, old, reason } = job
    const { sourceLag } = request.rules
    // Without a shared tier, no lookup was awaited since the flight started, so its stamp still holds.
    const stamp = tiers.isShared || sourceLag > 0 ? follower.takeStamp(sourceLag) : flight.stamp
    const { abort, isBackground } = flight
    const startedAt = flight.stamp.startedAt.monotonic
    try {
      const computation = {
        request,
        stamp,
        abort,
        isBackground,
        waitNode: flight,
        previous: old?.entry,
        runLimited: limitedRunOf(job),
      }
      const computed = await runComputation(computeDependencies, computation)
      recentlyFailed.delete(request.key)
      recorder.compute(request, 'value', isBackground, startedAt)
      fill(request, computed, stamp, lease)
      const { entry, isMadeOfStale } = computed
      return { outcome: 'miss', entry, reason, isMadeOfStale }
    } catch (failure) {
      const isRefused = failure instanceof ComputeFailure && isSourceBusy(failure.error, request.key)
      recorder.compute(request, isRefused ? 'busy' : 'error', isBackground, startedAt)
      if (!(failure instanceof ComputeFailure)) throw failure
      if (failure.remembered !== undefined && old === undefined)
        fill(request, failure.remembered, stamp, lease)
      throw failure.error
    }
  }
}

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
    const isTooLong = elapsedBetween(entry.startedAt, endedAt) > longestComputation
    return isTooLong || entry.asOf < table.keysFloor || table.judge(entry) === 'dead' ? 'outdated' : 'stored'
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
