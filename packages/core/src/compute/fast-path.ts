import { toAnswer } from '../arguments/option-kinds'
import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/local-entry'
import type { Follower } from '../invalidation/follower'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { ActiveScopes } from './active-scopes'
import { bounded } from './demand'
import { type Dependencies, dependOnEntry, isComputing } from './dependencies'
import type { ReadRequest } from './read-request'
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
