import type { Lease } from '../contracts/lease'
import type { Follower } from '../invalidation/follower'
import { classifyEntry } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import type { Computation } from './context'
import { computationsAround } from './dependencies'
import type { ExpiringSet } from './expiring-set'
import type { Fill } from './fill'
import type { LeaseCoordinator } from './lease-coordinator'
import type { LoadJob } from './load-job'
import { acceptsEntry, type LoadResult } from './read-request'
import { type ComputeDependencies, ComputeFailure, runComputation } from './run-computation'
import { isSourceBusy, runWithinLimits, type SourceLimit } from './source-limit'

/** Dependencies of {@link createComputeOnce}. */
interface ComputeOnceOptions {
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly leases: LeaseCoordinator | undefined
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
  readonly fill: Fill
  /** The limit on computations of the cache. */
  readonly sourceLimit: SourceLimit | undefined
  /** Keys whose source failed within `retryAfter`. */
  readonly recentlyFailed: ExpiringSet
  /** Keys whose last result was not cacheable ("hit-for-miss"): callers do not queue for a lease. */
  readonly hitForMiss: ExpiringSet
}

/** Computes the value of a flight in one of all processes, if leases can be had, and falls back to the old value on failure. */
export function createComputeOnce(options: ComputeOnceOptions) {
  const { follower, validity, tiers, leases, recorder, fill, sourceLimit, recentlyFailed, hitForMiss } =
    options

  /** Whether the computation neither needs a lease nor waits for other processes. */
  function isWithoutLease({ request }: LoadJob): boolean {
    return (
      request.mustCompute !== undefined ||
      request.batch?.isLarge === true ||
      follower.position < 0 ||
      hitForMiss.has(request.key)
    )
  }

  /** The keys of a batch are computed by one call, which takes a place for all of them. */
  function limitedRunOf({ request, flight }: LoadJob): Computation['runLimited'] {
    const { key, limit, batch } = request
    const limits = [limit, sourceLimit].filter((item) => item !== undefined)
    if (batch !== undefined || limits.length === 0) return undefined
    return (capture, call) => runWithinLimits(limits, { key, capture, flight }, call)
  }

  async function computeHere(job: LoadJob, lease: Lease | undefined): Promise<LoadResult> {
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
      const computed = await runComputation(options.computeDependencies, computation)
      recentlyFailed.delete(request.key)
      recorder.compute(request, 'value', isBackground, startedAt)
      fill(request, computed, stamp, lease)
      return { outcome: 'miss', entry: computed.entry, reason }
    } catch (failure) {
      const isRefused = failure instanceof ComputeFailure && isSourceBusy(failure.error, request.key)
      recorder.compute(request, isRefused ? 'busy' : 'error', isBackground, startedAt)
      if (!(failure instanceof ComputeFailure)) throw failure
      if (failure.remembered !== undefined && old === undefined)
        fill(request, failure.remembered, stamp, lease)
      throw failure.error
    }
  }

  function computeUnderLease(leases: LeaseCoordinator, job: LoadJob): Promise<LoadResult> {
    const { request, flight, known } = job
    const { key, rules } = request
    if (computationsAround().length > 0) flight.isAwaitedInside = true
    return leases.computeOnce<LoadResult>({
      key,
      asOf: follower.position,
      notBefore: follower.table.lastHardInvalidation(key, flight.tags),
      known,
      abort: flight.abort,
      isAwaitedInside: () => flight.isAwaitedInside,
      onBusy: () => request.batch?.markDecided(),
      computeWith: (lease) => computeHere(job, lease),
      async adoptStored(bytes) {
        const found = await tiers.adoptStored(bytes, key, rules)
        const lookup = found && classifyEntry(validity, found.entry, found.tier)
        return lookup?.outcome === 'hit' && acceptsEntry(request, lookup.entry) ? lookup : undefined
      },
    })
  }

  /** Serves the old value instead of the error, if it may be. @throws the function's own error otherwise. */
  function recoverWithOld({ request, old }: LoadJob, error: unknown): LoadResult {
    if (old === undefined || validity.stateOf(old.entry) === 'dead' || !acceptsEntry(request, old.entry)) {
      throw error
    }
    recentlyFailed.add(request.key, request.rules.retryAfter)
    return old
  }

  return (job: LoadJob): Promise<LoadResult> => {
    // All callers left during the lookup.
    if (job.flight.abort.reason !== undefined) return Promise.reject(job.flight.abort.reason)
    const isAlone = leases === undefined || isWithoutLease(job)
    const computed = isAlone ? computeHere(job, undefined) : computeUnderLease(leases, job)
    return job.old === undefined ? computed : computed.catch((error) => recoverWithOld(job, error))
  }
}
