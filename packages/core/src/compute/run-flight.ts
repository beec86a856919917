import { fingerprintBytes } from '../contracts/lease'
import type { LocalEntry } from '../entry/entry'
import type { MaybePromise } from '../maybe-promise'
import { classifyEntry, type Found, forcedMiss } from '../storage/lookup'
import type { KeyLookup } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import { type ComputeAndFillOptions, createComputeAndFill } from './compute-and-fill'
import { computationsAround } from './dependencies'
import type { ExpiringSet } from './expiring-set'
import { acceptsEntry, type LoadJob, type LoadResult, type ReadRequest } from './read-request'
import type { SharedSingleFlight } from './shared-single-flight'

/** Dependencies of {@link createRunFlight}. */
interface RunFlightOptions extends ComputeAndFillOptions {
  readonly validity: Validity
  readonly leases: SharedSingleFlight | undefined
  /** Keys whose last result was not cacheable ("hit-for-miss"): callers do not queue for a lease. */
  readonly hitForMiss: ExpiringSet
  /** Keys whose last value could not be stored: their stale entries are not served any longer. */
  readonly superseded: ExpiringSet
  /** Starts a background refresh of the entry. */
  startRefresh(request: ReadRequest, entry: LocalEntry): void
}

/**
 * The work of a flight: takes the local entry and the best entry of the shared tiers, serves it as far as the rules allow,
 * and computes a new value otherwise.
 */
export function createRunFlight(options: RunFlightOptions) {
  const { validity, tiers, recentlyFailed, superseded, startRefresh } = options
  const computeOnce = createComputeOnce(options)

  async function lookUpShared(job: LoadJob): Promise<LoadResult> {
    const { key, rules, batch } = job.request
    const lookup: KeyLookup = { key, rules, mode: batch === undefined ? 'single' : 'bulk' }
    const answer = await tiers.fetchOne(lookup)
    if (typeof answer === 'object') return useFound(answer, job)
    return job.local === undefined ? computeOnce({ ...job, reason: answer }) : useLocal(job.local, job)
  }

  const useLocal = (entry: LocalEntry, job: LoadJob) => useFound({ entry, tier: tiers.localName }, job)

  /** Serves the entry, or computes with the entry as the old value. */
  function useFound(found: Found, job: LoadJob): MaybePromise<LoadResult> {
    const { request, flight, replaced } = job
    const { entry } = found
    const lookup = classifyEntry(validity, entry, found.tier)
    const { outcome, reason } = lookup
    const old = outcome === 'miss' ? lookup.fallback : lookup
    if (old === undefined) return computeOnce({ ...job, reason })
    const known = found.bytes?.subarray(0, fingerprintBytes)
    if (!acceptsEntry(request, entry)) return computeOnce({ ...job, old, known, reason: forcedMiss.reason })
    if (outcome === 'hit' && (replaced === undefined || endsRefresh(entry, replaced))) return old
    const isStale = outcome === 'stale' && !superseded.has(request.key)
    if (replaced === undefined && (isStale || recentlyFailed.has(request.key))) {
      if (outcome === 'stale') startRefresh(request, entry)
      return old
    }
    flight.fallback = old
    return computeOnce({ ...job, old, known, reason })
  }

  /**
   * Whether a refresh may end with this entry instead of a computation: it is newer than the replaced one, or not due for a
   * refresh itself. The latter happens if only the local tier's `maxTtl` ended the replaced entry.
   */
  function endsRefresh(entry: LocalEntry, replaced: LocalEntry): boolean {
    return entry.createdAt > replaced.createdAt || validity.timeOf(entry) < entry.refreshAt
  }

  return (job: LoadJob): MaybePromise<LoadResult> => {
    if (job.request.mustCompute !== undefined) return computeOnce(job)
    if (tiers.isShared) return lookUpShared(job)
    return job.local === undefined ? computeOnce(job) : useLocal(job.local, job)
  }
}

/** Computes the value of a flight in one of all processes, if leases can be had, and falls back to the old value on failure. */
function createComputeOnce(options: RunFlightOptions) {
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
