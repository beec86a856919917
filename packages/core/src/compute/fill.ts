import type { CacheEvents } from '../contracts/events'
import type { Lease } from '../contracts/lease'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { elapsedBetween } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import { type Tiers, tombstoneFor } from '../storage/tiers'
import type { Counters } from '../telemetry/counters'
import type { Emitter } from '../telemetry/emitter'
import type { ExpiringSet } from './expiring-set'
import type { LeaseCoordinator } from './lease-coordinator'
import type { ReadRequest } from './read-request'
import type { ComputedEntry } from './run-computation'

/** What storing results is made of. */
export interface FillOptions {
  readonly follower: Follower
  readonly tiers: Tiers
  readonly fleet: LeaseCoordinator | undefined
  /** Keys whose values are not stored. */
  readonly passes: ExpiringSet
  readonly emitter: Emitter
  readonly counters: Counters
}

/** For how long a key whose value was not stored is computed without waiting for other processes, in ms. */
const passFor = 10_000

/** Keeps results of computations, unless they may not be kept, or an invalidation has overtaken them. */
export function createFill(options: FillOptions) {
  const { follower, tiers, fleet, passes, emitter, counters } = options
  const { table } = follower

  function fateOf({ entry, endedAt, isStorable }: ComputedEntry): CacheEvents['fill']['outcome'] {
    if (!isStorable) return 'skipped'
    const isLate = elapsedBetween(entry.startedAt, endedAt) > tombstoneFor || entry.asOf < table.keysFloor
    return isLate || table.judge(entry) === 'dead' ? 'outdated' : 'stored'
  }

  /** Writes for all processes. Those who wait for the lease hear of it either way. */
  async function share(entry: LocalEntry, lease: Lease | undefined): Promise<void> {
    const isWritten = await tiers.write([entry], lease?.token)
    if (!isWritten && lease !== undefined) fleet?.release(lease)
  }

  return (
    request: ReadRequest,
    product: ComputedEntry,
    stamp: Stamp,
    lease: Lease | undefined,
  ): LocalEntry => {
    const { entry } = product
    const fate = fateOf(product)
    if (fate === 'skipped') passes.set(request.key, passFor)
    if (fate === 'stored') tiers.keep(entry)
    if (fate === 'stored' && stamp.position >= 0 && tiers.isShared) tiers.detach(share(entry, lease))
    else if (lease !== undefined) fleet?.release(lease)
    counters.fills[fate] += 1
    if (emitter.hasListeners('fill')) emitter.emit('fill', { key: request.key, outcome: fate })
    return entry
  }
}
