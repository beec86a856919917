import type { Clock } from '../contracts/clock'
import type { Invalidated } from '../contracts/invalidated'
import type { Invalidation } from '../contracts/log'
import { withExpiry } from '../entry/compact-entry'
import { type Duration, toMs } from '../entry/duration'
import { type EntryPosition, expiryFrom, type LocalEntry, type Stamp, windowsOf } from '../entry/entry'
import { momentOf } from '../entry/moment'
import { findReadOnce, readOnceError } from '../entry/read-once'
import type { Delivery } from '../invalidation/delivery'
import type { Follower } from '../invalidation/follower'
import type { Invalidator } from '../invalidation/invalidator'
import { yieldToEventLoop } from '../real-scheduling'
import { chunksOf } from '../slices'
import type { Tiers } from '../storage/tiers'
import { toLocalEntry } from '../storage/to-local-entry'
import type { CountedKey, FunctionCounts } from '../telemetry/function-counts'
import { type Rules, tagsOf, ttlOf } from './rules'
import { applyJitter } from './run-computation'

/** Dependencies of {@link createWriter}. */
interface WriterOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly invalidator: Invalidator
  readonly tiers: Tiers
  /** @throws LarderError `CACHE_CLOSED`: nothing would deliver the invalidation of a value that is written later. */
  checkOpen(): void
  /** Warns that a value is written but cannot be stored. */
  warnUnstorable(key: string, error: unknown): void
}

/** How the values of one call are written. */
export interface WriteTerms {
  readonly rules: Rules
  readonly counts: FunctionCounts
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

/** Maximum values that are written at one position. */
const maxSliceSize = 1_000

/**
 * Writes that do not come from a computation. A write is an invalidation of its key, followed by an entry as of that
 * position: of two concurrent writes, the one with the later record wins in every process.
 */
export function createWriter(options: WriterOptions) {
  const { clock, follower, invalidator, tiers, checkOpen } = options
  const buildEntries = createBuildEntries(options)

  /** Writes values at one position of the log. */
  async function writeSlice(
    values: readonly PreparedValue[],
    { rules, counts }: WriteTerms,
  ): Promise<Delivery> {
    checkOpen()
    const records = values.map(({ key }): Invalidation => ({ scope: 'key', mode: 'hard', name: key }))
    const recording = follower.invalidate(records)
    // Taken before the log answers: an invalidation issued meanwhile ends these entries as well.
    const stamp = follower.takeStamp(0)
    const delivery = await recording
    const { position, term } = delivery.outcome === 'applied' ? delivery : stamp
    // The ancestors of the tags are known once the links before this position are: the log may be longer than a page.
    const isGraphKnown =
      delivery.outcome === 'queued' || follower.hasRead(position) || (await follower.readUpTo(position))
    if (!isGraphKnown) return delivery
    const entries = buildEntries(values, rules, { asOf: Math.max(0, position), term }, stamp)
    for (const entry of entries) tiers.storeLocally(entry)
    // An entry whose position is not known yet stays in this process.
    if (delivery.outcome === 'applied') await tiers.writeShared(entries, counts)
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

    /**
     * Writes values slice by slice: each slice has a position of its own, and other work has its turn between two of them.
     * @throws LarderError `CACHE_CLOSED` if the cache is closed before the last slice. Then some of the values are written.
     */
    async writeValues(values: readonly PreparedValue[], terms: WriteTerms): Promise<Invalidated> {
      const [first = [], ...later] = chunksOf(values, maxSliceSize)
      let delivery = await writeSlice(first, terms)
      for (const slice of later) {
        await yieldToEventLoop()
        const next = await writeSlice(slice, terms)
        if (delivery.outcome === 'applied') delivery = next
      }
      return invalidator.toInvalidated(delivery, undefined)
    },

    /**
     * Gives the same value, at the same position, a new end of freshness. Resolves to whether there was a fresh value.
     * @throws LarderError `BAD_DURATION`.
     */
    async touchEntry({ key, counts }: CountedKey, ttl: Duration): Promise<boolean> {
      const life = toMs(ttl, 'touch: ttl')
      const { lookup } = await tiers.inspectKey(key)
      if (lookup.outcome !== 'hit' || lookup.entry.kind !== 'value') return false
      const { entry } = lookup
      const now = momentOf(clock)
      const createdAt = follower.creationTime(now)
      const freshUntil = createdAt + life
      const clockOffset = createdAt - now.monotonic
      const expiry = expiryFrom(freshUntil, windowsOf(entry))
      const touched = withExpiry(entry, { ...expiry, refreshAt: freshUntil, clockOffset })
      tiers.storeLocally(touched)
      if (follower.position >= 0) await tiers.writeShared([touched], counts)
      return true
    },
  }
}

/** Returns a function that builds the entries of values that are written at one position of the log. */
function createBuildEntries({ clock, follower, warnUnstorable }: WriterOptions) {
  /** The entry of a value that is written at `position`. Undefined if its life is over. @throws if it cannot be stored. */
  function buildEntry(
    { key, value, tags, life }: PreparedValue,
    rules: Rules,
    { asOf, term }: EntryPosition,
    { sequence, startedAt }: Stamp,
  ): LocalEntry | undefined {
    const now = momentOf(clock)
    const createdAt = follower.creationTime(now)
    const freshUntil = createdAt + applyJitter(life, rules.jitter, clock)
    if (freshUntil <= createdAt) return undefined
    const entry = {
      key,
      kind: 'value',
      value,
      tags: follower.graph.closureOf(tags),
      asOf,
      term,
      createdAt,
      freshUntil,
      staleUntil: freshUntil + rules.staleWhileRevalidate,
      errorUntil: freshUntil + rules.staleIfError,
      computeTime: 0,
    } as const
    const clockOffset = createdAt - now.monotonic
    const local = toLocalEntry(entry, { rules, sequence, startedAt, clockOffset })
    const readOnce = findReadOnce(local)
    if (readOnce !== undefined) throw readOnceError(readOnce)
    return local
  }

  /** The old values have ended already, so a value that the tag graph has made unstorable since is only left out. */
  return (
    values: readonly PreparedValue[],
    rules: Rules,
    position: EntryPosition,
    stamp: Stamp,
  ): readonly LocalEntry[] => {
    const entries: LocalEntry[] = []
    for (const prepared of values) {
      try {
        const entry = buildEntry(prepared, rules, position, stamp)
        if (entry !== undefined) entries.push(entry)
      } catch (error) {
        warnUnstorable(prepared.key, error)
      }
    }
    return entries
  }
}
