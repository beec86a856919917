import type { Clock } from '../contracts/clock'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import type { ReadOptions } from '../options'
import type { Found } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import { establishConsistency } from './consistency'
import { type Capture, type Dependencies, dependOnEntry, dependOnKey } from './dependencies'
import type { Rules } from './rules'
import type { Transactions } from './transactions'

/** Dependencies of {@link createFindFresh}. */
export interface FindFreshOptions {
  readonly cacheName: string
  readonly clock: Clock
  /** The rules of the cache, for entries that are copied from a shared tier into this process. */
  readonly rules: Rules
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly recorder: Recorder
  /** A closed cache serves nothing. */
  isClosed(): boolean
}

/** Reads that compute nothing: `get`, `getMany` and `has`. */
export function createFindFresh(options: FindFreshOptions) {
  const { clock, follower, validity, tiers, dependencies, transactions, recorder } = options

  async function findEntries(keys: readonly string[]): Promise<Map<string, Found>> {
    const found = new Map<string, Found>()
    const now = momentOf(clock)
    for (const key of keys) {
      const entry = tiers.getLocal(key)
      if (entry !== undefined && validity.stateOf(entry, now) === 'fresh')
        found.set(key, { entry, tier: tiers.localName })
    }
    const missing = keys.filter((key) => !found.has(key))
    if (missing.length > 0 && tiers.isShared) {
      const answers = await tiers.fetchMany(missing, options.rules)
      const later = momentOf(clock)
      for (const [key, answer] of answers)
        if (validity.stateOf(answer.entry, later) === 'fresh') found.set(key, answer)
    }
    return found
  }

  /** Records a hit or a miss. A remembered error is not a value. */
  function recordResult(key: string, found: Map<string, Found>, capture: Capture | undefined): void {
    const answer = found.get(key)
    if (answer === undefined || answer.entry.kind === 'error') {
      found.delete(key)
      recorder.miss(key, 'absent')
      return
    }
    recorder.hit(answer.entry, answer.tier, follower.now())
    if (capture !== undefined) dependOnEntry(capture, answer.entry, true, validity.provenAt(answer.entry))
  }

  /** The fresh entries of these keys, from any tier. */
  return async (
    keys: readonly string[],
    demands: ReadOptions | undefined,
  ): Promise<ReadonlyMap<string, Found>> => {
    const capture = dependencies.currentCapture()
    if (capture !== undefined) for (const key of keys) dependOnKey(capture, key)
    if (transactions.isOpen || options.isClosed()) return new Map()
    if (!(await establishConsistency(options.cacheName, follower, demands))) return new Map()
    const found = await findEntries(keys)
    for (const key of keys) recordResult(key, found, capture)
    return found
  }
}
