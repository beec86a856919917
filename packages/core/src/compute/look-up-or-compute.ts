import { fingerprintBytes } from '../contracts/lease'
import type { LocalEntry } from '../entry/local-entry'
import type { MaybePromise } from '../maybe-promise'
import type { Found } from '../storage/lookup'
import { classifyEntry, forcedMiss } from '../storage/miss-reason'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { ExpiringSet } from './expiring-set'
import type { LoadJob } from './load-job'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'

/** Dependencies of {@link createLookUpOrCompute}. */
interface LookUpOrComputeOptions {
  readonly validity: Validity
  readonly tiers: Tiers
  /** Keys whose source failed within `retryAfter`: their stale values are served without a new attempt. */
  readonly recentlyFailed: ExpiringSet
  /** Keys whose last value could not be stored: their stale entries are not served any longer. */
  readonly superseded: ExpiringSet
  compute(job: LoadJob): Promise<LoadResult>
  /** Starts a background refresh of the entry. */
  startRefresh(request: ReadRequest, entry: LocalEntry): void
}

/**
 * The work of a flight: takes the local entry and the best entry of the shared tiers, serves it as far as the rules allow,
 * and computes a new value otherwise.
 */
export function createLookUpOrCompute(options: LookUpOrComputeOptions) {
  const { validity, tiers, recentlyFailed, superseded, compute, startRefresh } = options

  function lookUpShared(job: LoadJob, local: Found | undefined): Promise<LoadResult> {
    const { key, rules, batch } = job.request
    const mode = batch === undefined ? 'single' : 'bulk'
    return tiers.fetchOne({ key, rules, mode }).then((answer) => {
      if (typeof answer === 'object') return useFound(answer, job)
      return local === undefined ? compute({ ...job, reason: answer }) : useFound(local, job)
    })
  }

  /** Serves the entry, or computes with the entry as the old value. */
  function useFound(found: Found, job: LoadJob): MaybePromise<LoadResult> {
    const { request, flight, replaced } = job
    const { entry } = found
    const lookup = classifyEntry(validity, entry, found.tier)
    const { outcome, reason } = lookup
    const old = outcome === 'miss' ? lookup.fallback : lookup
    if (old === undefined) return compute({ ...job, reason })
    const known = found.bytes?.subarray(0, fingerprintBytes)
    if (!acceptsEntry(request, entry)) return compute({ ...job, old, known, reason: forcedMiss.reason })
    if (outcome === 'hit' && (replaced === undefined || endsRefresh(entry, replaced))) return old
    const isStale = outcome === 'stale' && !superseded.has(request.key)
    if (replaced === undefined && (isStale || recentlyFailed.has(request.key))) {
      if (outcome === 'stale') startRefresh(request, entry)
      return old
    }
    flight.fallback = old
    return compute({ ...job, old, known, reason })
  }

  /**
   * Whether a refresh may end with this entry instead of a computation: it is newer than the replaced one, or not due for a
   * refresh itself. The latter happens if only the local tier's `maxTtl` ended the replaced entry.
   */
  function endsRefresh(entry: LocalEntry, replaced: LocalEntry): boolean {
    return entry.createdAt > replaced.createdAt || validity.timeOf(entry) < entry.refreshAt
  }

  return (job: LoadJob): MaybePromise<LoadResult> => {
    if (job.request.mustCompute !== undefined) return compute(job)
    const entry = tiers.getLocal(job.request.key)
    const local = entry && { entry, tier: tiers.localName }
    if (tiers.isShared) return lookUpShared(job, local)
    return local === undefined ? compute(job) : useFound(local, job)
  }
}
