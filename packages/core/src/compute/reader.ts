import type { LocalEntry } from '../entry/local-entry'
import type { Follower } from '../invalidation/follower'
import type { ReadOptions } from '../options'
import type { Lookup } from '../storage/lookup'
import { absentMiss, classifyEntry, forcedMiss, unprovenMiss } from '../storage/miss-reason'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import { bounded, type Demand, demandOf, stricterOf } from './demand'
import {
  type Capture,
  type Dependencies,
  dependOnComputed,
  dependOnEntry,
  dependOnInvalidated,
  dependOnRequest,
  isComputing,
} from './dependencies'
import { establishConsistency } from './establish-consistency'
import type { Loader } from './loader'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputedEntry } from './run-computation'
import type { Transactions } from './transactions'

/** Dependencies of {@link createReader}. */
interface ReaderOptions {
  readonly cacheName: string
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly loader: Loader
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly recorder: Recorder
  /** Computes for one caller and does not store the result. */
  bypass(request: ReadRequest): Promise<ComputedEntry>
  /** Whether the cache is open and enabled. */
  isServing(): boolean
}

/** Reads that compute a missing value: `getOrCompute`, `getManyOrCompute` and wrapped functions. */
export function createReader(options: ReaderOptions) {
  const { follower, validity, tiers, loader, dependencies, transactions } = options

  /** The lookup in this process. `undefined` if there is no entry: a shared tier may still have one. */
  function lookUpLocal(request: ReadRequest): Lookup | undefined {
    if (request.mustCompute !== undefined) return request.mustCompute
    const entry = tiers.getLocal(request.key)
    if (entry === undefined) return undefined
    if (!acceptsEntry(request, entry)) return forcedMiss
    return classifyEntry(validity, entry, tiers.localName)
  }

  /** A request that no stale value satisfies. The reads inside its computation need what is applied here now, or all of the demand. */
  function demandingRequest(original: ReadRequest, demand: Demand, isEstablished: boolean): ReadRequest {
    const { reflectsAll } = validity
    return isEstablished
      ? { ...original, reflectsAll, innerDemand: follower.position }
      : { ...original, reflectsAll, innerDemand: demand, mustCompute: original.mustCompute ?? unprovenMiss }
  }

  /** Serves the local entry if it may be, and refreshes it if that is due; loads the value otherwise. */
  async function serveOrLoad(
    original: ReadRequest,
    demand: Demand,
    capture: Capture | undefined,
  ): Promise<unknown> {
    const consistency = establishConsistency(follower, demand)
    const isEstablished = consistency === true || (await consistency)
    const request = demand === bounded ? original : demandingRequest(original, demand, isEstablished)
    const local = lookUpLocal(request)
    const isServed = local !== undefined && loader.isServable(local)
    if (isServed) loader.refreshServed(local, request)
    const result = isServed ? local : await loadValue(request, local)
    recordResult(options, request, result, local)
    if (capture !== undefined) dependOnResult(capture, result, validity)
    return copyValue(result.entry)
  }

  /** A read that fails found nothing fresh either: uncounted, it would raise the hit ratio while the source is down. */
  async function loadValue(request: ReadRequest, local: Lookup | undefined): Promise<LoadResult> {
    try {
      return await loader.loadEntry(request)
    } catch (error) {
      options.recorder.miss(request, local?.reason ?? absentMiss.reason)
      throw error
    }
  }

  /** Computes for this caller alone. A computation around the caller depends on everything that this one reads. */
  async function computeAlone(request: ReadRequest, capture: Capture | undefined): Promise<unknown> {
    const computed = await options.bypass(request)
    if (capture !== undefined) dependOnComputed(capture, computed, validity.isValid(computed.entry))
    return computed.entry.value
  }

  /** A request that cannot be made is a rejection, like every other failure of a read. */
  return (requestOf: () => ReadRequest, demands: ReadOptions | undefined): Promise<unknown> => {
    try {
      const request = requestOf()
      const capture = dependencies.currentCapture()
      if (!options.isServing()) return computeAlone(request, capture)
      if (capture !== undefined) dependOnRequest(capture, request)
      const demand = stricterOf(demandOf(options.cacheName, demands), capture?.demand ?? bounded)
      const isAlone = transactions.isOpen || isComputing(capture, request.key)
      return isAlone
        ? computeAlone({ ...request, innerDemand: demand }, capture)
        : serveOrLoad(request, demand, capture)
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

function recordResult(
  { recorder, loader, follower }: ReaderOptions,
  request: ReadRequest,
  result: LoadResult,
  local: Lookup | undefined,
): void {
  const { counts } = request
  const { outcome, entry } = result
  if (outcome === 'miss') recorder.miss(request, (local ?? result).reason ?? absentMiss.reason)
  else if (outcome === 'hit') recorder.hit(counts, entry, result.tier, follower.now())
  else {
    const reason = loader.hasFailedRecently(entry.key) ? 'error' : 'revalidating'
    recorder.stale(counts, entry, result.tier, reason, follower.now())
  }
}

/** A result that was shared may have been invalidated between its lookup, or its computation, and this reader's arrival. */
function dependOnResult(capture: Capture, result: LoadResult, validity: Validity): void {
  const { entry, outcome } = result
  const isFresh = outcome === 'hit' || (outcome === 'miss' && !result.isMadeOfStale)
  dependOnEntry(capture, entry, isFresh, validity.provenAt(entry))
  if (outcome !== 'stale' && !validity.isValid(entry)) dependOnInvalidated(capture, entry)
}

/** A caller's own copy of the value. @throws the error, if the entry remembers one. */
export function copyValue(entry: LocalEntry): unknown {
  if (entry.kind === 'error') throw entry.copy(entry.value)
  return entry.copy(entry.value)
}
