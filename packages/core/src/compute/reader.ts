import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import type { Follower } from '../invalidation/follower'
import type { ReadOptions } from '../options'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import { establishConsistency } from './consistency'
import { type Capture, type Dependencies, dependOnEntry, dependOnRequest, isComputing } from './dependencies'
import type { Loader } from './loader'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { Transactions } from './transactions'

/** Dependencies of {@link createReader}. */
export interface ReaderOptions {
  readonly cacheName: string
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly loader: Loader
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly recorder: Recorder
  /** Computes for one caller and stores nothing. */
  bypass(request: ReadRequest): Promise<LocalEntry>
}

/** Reads that compute a missing value: `getOrCompute`, `getManyOrCompute` and wrapped functions. */
export function createReader(options: ReaderOptions) {
  const { follower, validity, tiers, loader, dependencies, transactions, recorder } = options

  function recordResult({ entry, tier, isFresh, reason }: LoadResult, localReason: MissReason | undefined) {
    const { key } = entry
    if (tier === 'computed') recorder.miss(key, localReason ?? reason ?? 'absent')
    else if (isFresh) recorder.hit(entry, tier, follower.now())
    else recorder.stale(entry, tier, loader.hasFailedRecently(key) ? 'error' : 'revalidating', follower.now())
  }

  /** The local entry, if it may be served. Starts a background refresh if one is due. */
  function serveLocal(entry: LocalEntry, request: ReadRequest): LoadResult | undefined {
    if (!acceptsEntry(request, entry)) return undefined
    const state = validity.stateOf(entry)
    if (state !== 'fresh' && state !== 'stale') return undefined
    const isFresh = state === 'fresh'
    if (!isFresh) loader.refresh(request, entry)
    else if (follower.now() >= entry.refreshAt) loader.refreshIfDue(request, entry)
    return { entry, tier: tiers.localName, isFresh }
  }

  /** Why the local entry cannot be served. `undefined` if there is none: a shared tier may still have one. */
  function localMissReason(
    request: ReadRequest,
    isServable: boolean,
    local: LocalEntry | undefined,
  ): MissReason | undefined {
    if (!isServable) return 'forced'
    return local && (acceptsEntry(request, local) ? validity.reasonNotFresh(local) : 'forced')
  }

  async function readThrough(
    request: ReadRequest,
    demands: ReadOptions | undefined,
    capture: Capture | undefined,
  ): Promise<unknown> {
    const consistency = establishConsistency(options.cacheName, follower, demands)
    const isServable = (consistency === true || (await consistency)) && !request.fresh
    const local = isServable ? tiers.getLocal(request.key) : undefined
    const served = local && serveLocal(local, request)
    const reason = served === undefined ? localMissReason(request, isServable, local) : undefined
    const result =
      served ?? (await loader.load(isServable || request.fresh ? request : { ...request, fresh: true }))
    recordResult(result, reason)
    const { entry, isFresh } = result
    if (capture !== undefined) dependOnEntry(capture, entry, isFresh, validity.provenAt(entry))
    return copyValue(entry)
  }

  /** Computes for this caller alone. A computation around the caller depends on everything that this one reads. */
  async function computeAlone(
    request: ReadRequest,
    capture = dependencies.currentCapture(),
  ): Promise<unknown> {
    const entry = await options.bypass(request)
    if (capture !== undefined) dependOnEntry(capture, entry, true, entry.startedAt)
    return entry.value
  }

  return {
    read(request: ReadRequest, demands: ReadOptions | undefined): Promise<unknown> {
      const capture = dependencies.currentCapture()
      if (capture !== undefined) dependOnRequest(capture, request)
      const isAlone = transactions.isOpen || isComputing(capture, request.key)
      return isAlone ? computeAlone(request, capture) : readThrough(request, demands, capture)
    },

    computeAlone,
  }
}

/** A caller's own copy of the value. @throws the error, if the entry remembers one. */
export function copyValue(entry: LocalEntry): unknown {
  if (entry.kind === 'error') throw entry.copy(entry.value)
  return entry.copy(entry.value)
}
