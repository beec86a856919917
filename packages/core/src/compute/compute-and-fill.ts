import type { Lease } from '../contracts/lease'
import type { Follower } from '../invalidation/follower'
import type { Tiers } from '../storage/tiers'
import type { Recorder } from '../telemetry/recorder'
import type { Computation } from './context'
import type { ExpiringSet } from './expiring-set'
import type { Fill } from './fill'
import type { LoadJob } from './load-job'
import type { LoadResult } from './read-request'
import { type ComputeDependencies, ComputeFailure, runComputation } from './run-computation'
import { isSourceBusy, runWithinLimits, type SourceLimit } from './source-limit'

/** Dependencies of {@link createComputeAndFill}. */
export interface ComputeAndFillOptions {
  readonly follower: Follower
  readonly tiers: Tiers
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
  readonly fill: Fill
  /** The limit on computations of the cache. */
  readonly sourceLimit: SourceLimit | undefined
  /** Keys whose source failed within `retryAfter`. */
  readonly recentlyFailed: ExpiringSet
}

/** Computes the value of a flight in this process and stores it, or the error if errors are remembered. */
export function createComputeAndFill(options: ComputeAndFillOptions) {
  const { follower, tiers, computeDependencies, recorder, fill, sourceLimit, recentlyFailed } = options

  /** The keys of a batch are computed by one call, which takes a place for all of them. */
  function limitedRunOf({ request, flight }: LoadJob): Computation['runLimited'] {
    const { key, limit, batch } = request
    const limits = [limit, sourceLimit].filter((item) => item !== undefined)
    if (batch !== undefined || limits.length === 0) return undefined
    return (capture, call) => runWithinLimits(limits, { key, capture, flight }, call)
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
