import { classifyEntry } from '../storage/miss-reason'
import type { Validity } from '../storage/validity'
import { type ComputeAndFillOptions, createComputeAndFill } from './compute-and-fill'
import { computationsAround } from './dependencies'
import type { ExpiringSet } from './expiring-set'
import type { LoadJob } from './load-job'
import { acceptsEntry, type LoadResult } from './read-request'
import type { SharedSingleFlight } from './shared-single-flight'

/** Dependencies of {@link createComputeOnce}. */
interface ComputeOnceOptions extends ComputeAndFillOptions {
  readonly validity: Validity
  readonly leases: SharedSingleFlight | undefined
  /** Keys whose last result was not cacheable ("hit-for-miss"): callers do not queue for a lease. */
  readonly hitForMiss: ExpiringSet
}

/** Computes the value of a flight in one of all processes, if leases can be had, and falls back to the old value on failure. */
export function createComputeOnce(options: ComputeOnceOptions) {
  const { follower, validity, tiers, leases, recentlyFailed, hitForMiss } = options
  const computeAndFill = createComputeAndFill(options)

  /** Whether the computation neither needs a lease nor waits for other processes. */
  function isWithoutLease({ request }: LoadJob): boolean {
    return (
      request.mustCompute !== undefined ||
      request.batch?.isLarge === true ||
      follower.position < 0 ||
      hitForMiss.has(request.key)
    )
  }

  function computeUnderLease(leases: SharedSingleFlight, job: LoadJob): Promise<LoadResult> {
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
      computeWith: (lease) => computeAndFill(job, lease),
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
    const computed = isAlone ? computeAndFill(job, undefined) : computeUnderLease(leases, job)
    return job.old === undefined ? computed : computed.catch((error) => recoverWithOld(job, error))
  }
}
