import { chunksOf } from '../chunks-of'
import type { Clock } from '../contracts/clock'
import type { Invalidated } from '../contracts/invalidated'
import type { Invalidation } from '../contracts/log'
import type { EntryPosition } from '../entry/entry-position'
import type { Delivery } from '../invalidation/delivery'
import type { Follower } from '../invalidation/follower'
import type { Invalidator } from '../invalidation/invalidator'
import { yieldToEventLoop } from '../real-scheduling'
import type { Tiers } from '../storage/tiers'
import type { FunctionCounts } from '../telemetry/function-counts'
import { type Rules, tagsOf, ttlOf } from './rules'
import { createBuildWrittenEntries, type PreparedValue } from './written-entries'

/** Dependencies of {@link createWriter}. */
interface WriterOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly invalidator: Invalidator
  readonly tiers: Tiers
  /** Warns that a value is written but cannot be stored. */
  warnUnstorable(key: string, error: unknown): void
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
  const { follower, invalidator, tiers } = options
  const buildEntries = createBuildWrittenEntries(options)

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
    // The ancestors of the tags are known once the links before this position are: the log may be longer than a page.
    const isGraphKnown =
      delivery.outcome === 'queued' || follower.hasRead(position) || (await follower.readUpTo(position))
    if (!isGraphKnown) return delivery
    const entries = buildEntries(values, rules, written, stamp)
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
  }
}
