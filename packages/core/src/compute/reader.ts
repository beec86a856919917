import { toAnswer } from '../arguments/option-kinds'
import type { ActiveScopes } from '../async-scope'
import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/entry'
import type { Follower } from '../invalidation/follower'
import type { ReadOptions } from '../options'
import { absentMiss, classifyEntry, forcedMiss, type Lookup, unprovenMiss } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import { bounded, type Demand, demandOf, establishConsistency, stricterOf } from './demand'
import {
  type Capture,
  type Dependencies,
  dependOnComputed,
  dependOnEntry,
  dependOnInvalidated,
  dependOnRequest,
  isComputing,
} from './dependencies'
import type { Loader } from './loader'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputedEntry } from './run-computation'
import type { Transactions } from './transactions'

/** Dependencies of {@link createFastPath}. */
interface FastPathOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly activeScopes: ActiveScopes
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  /** A closed cache serves no entries. */
  isClosed(): boolean
  readonly recorder: Recorder
}

/**
 * The fast path of a read: a local entry that is valid, fresh and not due for a refresh is served without awaiting a
 * promise. Undefined for everything else: the caller then reads through the reader.
 */
export function createFastPath(options: FastPathOptions) {
  const { clock, follower, validity, tiers, activeScopes, dependencies, transactions, isClosed } = options
  const { current } = follower.table
  const recordHit = options.recorder.localHitRecorder(tiers.localName)

  /** Whether the entry may be served inside the caller's scope. A computation that reads it depends on it. */
  function isServableInScope(entry: LocalEntry): boolean {
    const capture = dependencies.currentCapture()
    if (transactions.isOpen || isClosed()) return false
    if (capture === undefined) return true
    if (capture.demand !== bounded || isComputing(capture, entry.key)) return false
    dependOnEntry(capture, entry, true, validity.provenAt(entry))
    return true
  }

  /** The entry, which counts as a hit of the function. */
  return function serveLocal(
    key: string,
    counts: FunctionCounts,
    serveIf: ReadRequest['serveIf'],
  ): LocalEntry | undefined {
    const entry = tiers.getLocal(key)
    if (entry === undefined || entry.kind === 'error') return undefined
    if (entry.checkedAt !== current.version && !validity.isValid(entry)) return undefined
    const wall = clock.now()
    const monotonic = follower.coarseMonotonic(wall)
    const now = follower.logTime(wall, monotonic)
    if (Math.max(now, monotonic + entry.clockOffset) >= entry.refreshAt || !follower.isCurrent())
      return undefined
    if (serveIf !== undefined && !acceptsQuietly(entry, serveIf)) return undefined
    if (activeScopes.count > 0 && !isServableInScope(entry)) return undefined
    recordHit(counts, entry, now)
    return entry
  }
}

/** If `serveIf` throws, the slow path calls it again and turns the exception into a rejection. */
function acceptsQuietly(entry: LocalEntry, serveIf: NonNullable<ReadRequest['serveIf']>): boolean {
  try {
    return toAnswer('serveIf', serveIf(entry.value as never))
  } catch {
    return false
  }
}

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
  const { follower, validity, tiers, loader, dependencies, transactions, recorder } = options

  /** The lookup in this process. `undefined` if there is no entry: a shared tier may still have one. */
  function classifyLocal(request: ReadRequest, entry: LocalEntry | undefined): Lookup | undefined {
    if (request.mustCompute !== undefined) return request.mustCompute
    if (entry === undefined) return undefined
    return acceptsEntry(request, entry) ? classifyEntry(validity, entry, tiers.localName) : forcedMiss
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
    const entry = request.mustCompute === undefined ? tiers.getLocal(request.key) : undefined
    const local = classifyLocal(request, entry)
    const isServed = local !== undefined && loader.isServable(local)
    if (isServed) loader.refreshServed(local, request)
    let result: LoadResult
    try {
      result = isServed ? local : await loader.loadEntry(request, entry)
    } catch (error) {
      // A read that fails found nothing fresh either: uncounted, it would raise the hit ratio while the source is down.
      recorder.miss(request, local?.reason ?? absentMiss.reason)
      throw error
    }
    recordResult(options, request, result, local)
    if (capture !== undefined) dependOnResult(capture, result, validity)
    return copyValue(result.entry)
  }

  /** Computes for this caller alone. A computation around the caller depends on everything that this one reads. */
  async function computeAlone(request: ReadRequest, capture: Capture | undefined): Promise<unknown> {
    const computed = await options.bypass(request)
    if (capture !== undefined) dependOnComputed(capture, computed, validity.isValid(computed.entry))
    return computed.entry.value
  }

  /** @throws LarderError `BAD_TOKEN`, before it returns a promise. */
  return (request: ReadRequest, demands: ReadOptions | undefined): Promise<unknown> => {
    const capture = dependencies.currentCapture()
    if (!options.isServing()) return computeAlone(request, capture)
    if (capture !== undefined) dependOnRequest(capture, request)
    const demand = stricterOf(demandOf(options.cacheName, demands), capture?.demand ?? bounded)
    const isAlone = transactions.isOpen || isComputing(capture, request.key)
    return isAlone
      ? computeAlone({ ...request, innerDemand: demand }, capture)
      : serveOrLoad(request, demand, capture)
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
