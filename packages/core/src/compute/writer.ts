import { chunksOf } from '../chunks-of'
import type { Clock } from '../contracts/clock'
import type { Invalidated } from '../contracts/invalidated'
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
import type { CountedKey, FunctionCounts } from '../telemetry/function-counts'
import { yieldToEventLoop } from '../yield-to-event-loop'
import { type Rules, tagsOf, ttlOf } from './rules'
import { applyJitter } from './run-computation'

/** Dependencies of {@link createWriter}. */
interface WriterOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly invalidator: Invalidator
  readonly tiers: Tiers
  /** Warns that a value is written but cannot be stored. */
  warnUnstorable(key: string, error: unknown): void
}

/** A value to be written, with everything that its options say about it. */
export interface PreparedValue {
  readonly key: string
  readonly value: unknown
  /** Without the ancestors of the tags: the tag graph may change until the value is written. */
  readonly tags: readonly string[]
  /** Before jitter, in ms. */
  readonly life: number
}

/** How the values of one call are written. */
export interface WriteTerms {
  readonly rules: Rules
  readonly counts: FunctionCounts
}

/** Maximum values that are written at one position. */
const maxSliceSize = 1_000

/**
 * Writes that do not come from a computation. A write is an invalidation of its key, followed by an entry as of that
 * position: of two concurrent writes, the one with the later record wins in every process.
 */
export function createWriter(options: WriterOptions) {
  const { clock, follower, validity, invalidator, tiers } = options

  function buildEntry(prepared: PreparedValue, rules: Rules, position: EntryPosition, now: number): Entry {
    const freshUntil = now + applyJitter(prepared.life, rules.jitter, clock)
    return {
      key: prepared.key,
      kind: 'value',
      value: prepared.value,
      tags: follower.graph.closureOf(prepared.tags),
      ...position,
      createdAt: now,
      freshUntil,
      staleUntil: freshUntil + rules.staleWhileRevalidate,
      errorUntil: freshUntil + rules.staleIfError,
      computeTime: 0,
    }
  }

  /** Stores entries in this process at once, and in the shared tiers before it resolves. */
  async function storeEverywhere(
    entries: readonly LocalEntry[],
    counts: FunctionCounts,
    isPositionKnown: boolean,
  ): Promise<void> {
    for (const entry of entries) tiers.storeLocally(entry)
    if (isPositionKnown) await tiers.writeShared(entries, counts)
  }

  /** Writes values at one position of the log. */
  async function writeSlice(
    values: readonly PreparedValue[],
    { rules, counts }: WriteTerms,
  ): Promise<Delivery> {
    const records = values.map(({ key }): Invalidation => ({ scope: 'key', mode: 'hard', name: key }))
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

    /** The old value has ended already, so a value that the tag graph has made unstorable since is only left out. */
    function buildEntries(prepared: PreparedValue): LocalEntry[] {
      try {
        const entry = buildEntry(prepared, rules, written, createdAt)
        if (entry.freshUntil <= createdAt) return []
        return [toLocalEntry(entry, { rules, sequence, startedAt, clockOffset })]
      } catch (error) {
        options.warnUnstorable(prepared.key, error)
        return []
      }
    }

    await storeEverywhere(values.flatMap(buildEntries), counts, delivery.outcome === 'applied')
    return delivery
  }

  return {
    /**
     * Asks the options for the tags and the ttl of a value, before anything is written.
     * @throws their errors, or a LarderError `BAD_TAG`, `BAD_DURATION` or `TAG_GRAPH_TOO_LARGE`.
     */
    prepareValue(key: string, value: unknown, rules: Rules, scopeTags: readonly string[]): PreparedValue {
      const tags = [...scopeTags, ...tagsOf(rules, value)]
      follower.graph.closureOf(tags)
      return { key, value, tags, life: ttlOf(rules, value) }
    },

    /** Writes values slice by slice: each slice has a position of its own, and other work has its turn between two of them. */
    async writeValues(values: readonly PreparedValue[], terms: WriteTerms): Promise<Invalidated> {
      const deliveries: Delivery[] = []
      for (const slice of chunksOf(values, maxSliceSize)) {
        if (deliveries.length > 0) await yieldToEventLoop()
        deliveries.push(await writeSlice(slice, terms))
      }
      const delivery = deliveries.reduce((all, next) => (all.outcome === 'queued' ? all : next))
      return invalidator.toInvalidated(delivery, undefined)
    },

    /** Gives the same value, at the same position, a new end of freshness. */
    async touchEntry({ key, counts }: CountedKey, ttl: Duration): Promise<boolean> {
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
        counts,
        follower.position >= 0,
      )
      return true
    },
  }
}
