import { chunksOf } from '../chunks-of'
import type { Invalidated } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { Invalidation } from '../contracts/log'
import { withExpiry } from '../entry/compact-entry'
import { type Duration, toMs } from '../entry/duration'
import { type Entry, expiryFrom, windowsOf } from '../entry/entry'
import type { EntryPosition } from '../entry/entry-position'
import type { LocalEntry } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import type { Delivery } from '../invalidation/delivery'
import type { Follower } from '../invalidation/follower'
import type { Invalidator } from '../invalidation/invalidator'
import type { Tiers } from '../storage/tiers'
import { toLocalEntry } from '../storage/to-local-entry'
import type { Validity } from '../storage/validity'
import { type Rules, tagsOf, ttlOf } from './rules'
import { applyJitter } from './run-computation'

/** Dependencies of {@link createWriter}. */
interface WriterOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly invalidator: Invalidator
  readonly tiers: Tiers
}

/** Maximum values that are written at one position. */
const maxSliceSize = 1_000

/**
 * Writes that do not come from a computation. A write is an invalidation of its key, followed by an entry as of that
 * position: of two concurrent writes, the one with the later record wins in every process.
 */
export function createWriter({ clock, follower, validity, invalidator, tiers }: WriterOptions) {
  function buildEntry(
    key: string,
    value: unknown,
    rules: Rules,
    scopeTags: readonly string[],
    position: EntryPosition,
    now: number,
  ): Entry {
    const tags = tagsOf(rules, value)
    const freshUntil = now + applyJitter(ttlOf(rules, value), rules.jitter, clock)
    return {
      key,
      kind: 'value',
      value,
      tags: follower.graph.closureOf([...scopeTags, ...tags]),
      ...position,
      createdAt: now,
      freshUntil,
      staleUntil: freshUntil + rules.staleWhileRevalidate,
      errorUntil: freshUntil + rules.staleIfError,
      computeTime: 0,
    }
  }

  /** Stores entries in this process at once, and in the shared tiers before it resolves. */
  async function storeEverywhere(entries: readonly LocalEntry[], isPositionKnown: boolean): Promise<void> {
    for (const entry of entries) tiers.storeLocally(entry)
    if (isPositionKnown) await tiers.writeShared(entries)
  }

  /** Writes values at one position of the log. */
  async function writeSlice(
    values: readonly (readonly [string, unknown])[],
    rules: Rules,
    scopeTags: readonly string[],
  ): Promise<Delivery> {
    const records = values.map(([key]): Invalidation => ({ scope: 'key', mode: 'hard', name: key }))
    const recording = invalidator.appendRecords(records)
    // Taken before the log answers: an invalidation issued meanwhile ends these entries as well.
    const stamp = follower.takeStamp(0)
    const delivery = await recording
    const { position, term } = delivery.outcome === 'applied' ? delivery : stamp
    const written: EntryPosition = { asOf: Math.max(0, position), term }
    const { sequence, startedAt } = stamp
    const now = momentOf(clock)
    const createdAt = follower.creationTime(now)
    const clockOffset = createdAt - now.monotonic
    const entries = values
      .map(([key, value]) => buildEntry(key, value, rules, scopeTags, written, createdAt))
      .filter((entry) => entry.freshUntil > entry.createdAt)
      .map((entry) => toLocalEntry(entry, { rules, sequence, startedAt, clockOffset }))
    await storeEverywhere(entries, delivery.outcome === 'applied')
    return delivery
  }

  return {
    /** Writes values slice by slice: each slice has a position of its own, and other work has its turn between two of them. */
    async writeValues(
      values: readonly (readonly [string, unknown])[],
      rules: Rules,
      scopeTags: readonly string[],
    ): Promise<Invalidated> {
      const deliveries: Delivery[] = []
      for (const slice of chunksOf(values, maxSliceSize))
        deliveries.push(await writeSlice(slice, rules, scopeTags))
      const delivery = deliveries.reduce((all, next) => (all.outcome === 'queued' ? all : next))
      return invalidator.toInvalidated(delivery, undefined)
    },

    /** Gives the same value, at the same position, a new end of freshness. */
    async touchEntry(key: string, ttl: Duration): Promise<boolean> {
      const life = toMs(ttl, 'touch')
      const found = await tiers.inspectKey(key)
      if (typeof found !== 'object' || found.entry.kind !== 'value') return false
      const { entry } = found
      if (validity.stateOf(entry) !== 'fresh') return false
      const now = momentOf(clock)
      const createdAt = follower.creationTime(now)
      const freshUntil = createdAt + life
      const clockOffset = createdAt - now.monotonic
      const expiry = expiryFrom(freshUntil, windowsOf(entry))
      await storeEverywhere(
        [withExpiry(entry, { ...expiry, refreshAt: freshUntil, clockOffset })],
        follower.position >= 0,
      )
      return true
    },
  }
}
