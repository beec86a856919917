import type { Invalidated } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { Invalidation } from '../contracts/log'
import { withExpiry } from '../entry/compact-entry'
import { type Duration, toMs } from '../entry/duration'
import { type Entry, expiryFrom, windowsOf } from '../entry/entry'
import { checkTag } from '../entry/key'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import type { Follower } from '../invalidation/follower'
import type { Invalidator } from '../invalidation/invalidator'
import { hold } from '../storage/to-local-entry'
import type { Tiers } from '../storage/tiers'
import { type Rules, tagsOf, ttlOf } from './rules'

/** What writing is made of. */
export interface WriterOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly invalidator: Invalidator
  readonly tiers: Tiers
}

/**
 * Writes that do not come from a computation. A write is an invalidation of its key followed by an entry from that
 * position on, so of two writes at once the later record wins everywhere.
 */
export function createWriter({ clock, follower, invalidator, tiers }: WriterOptions) {
  function entryOf(
    key: string,
    value: unknown,
    rules: Rules,
    scopeTags: readonly string[],
    stamp: Stamp,
  ): Entry {
    const now = follower.now()
    const tags = tagsOf(rules, value)
    for (const tag of tags) checkTag(tag)
    const freshUntil =
      now + ttlOf(rules, value) * (rules.jitter === 0 ? 1 : 1 - rules.jitter * clock.random())
    return {
      key,
      kind: 'value',
      value,
      tags: follower.graph.closureOf([...scopeTags, ...tags]),
      asOf: stamp.asOf,
      createdAt: now,
      freshUntil,
      staleUntil: freshUntil + rules.staleWhileRevalidate,
      errorUntil: freshUntil + rules.staleIfError,
      computeTime: 0,
    }
  }

  /** Stores entries here at once and everywhere before it resolves. */
  async function spread(entries: readonly LocalEntry[], isKnown: boolean): Promise<void> {
    for (const entry of entries) tiers.keep(entry)
    if (isKnown) await tiers.write(entries)
  }

  return {
    async write(
      values: readonly (readonly [string, unknown])[],
      rules: Rules,
      scopeTags: readonly string[],
    ): Promise<Invalidated> {
      const records = values.map(([key]): Invalidation => ({ scope: 'key', mode: 'hard', name: key }))
      const recording = invalidator.record(records)
      // Of the moment of the call: what is invalidated while the log answers ends these entries as well.
      const stamp = follower.takeStamp(0)
      const delivery = await recording
      const position = delivery.outcome === 'applied' ? delivery.position : stamp.position
      const from: Stamp = { ...stamp, position, asOf: Math.max(0, position) }
      const entries = values
        .map(([key, value]) => entryOf(key, value, rules, scopeTags, from))
        .filter((entry) => entry.freshUntil > entry.createdAt)
        .map((entry) => hold(entry, { rules, sequence: from.sequence, startedAt: from.startedAt }))
      await spread(entries, delivery.outcome === 'applied')
      return invalidator.result(delivery, undefined)
    },

    /** The same value and position with a new end of freshness. */
    async touch(key: string, ttl: Duration): Promise<boolean> {
      const life = toMs(ttl, 'touch')
      const found = await tiers.inspect(key)
      if (found?.entry.kind !== 'value' || tiers.stateOf(found.entry) !== 'fresh') return false
      const { entry } = found
      const freshUntil = follower.now() + life
      const touched = withExpiry(entry, {
        ...expiryFrom(freshUntil, windowsOf(entry)),
        refreshAt: freshUntil,
      })
      await spread([touched], follower.position >= 0)
      return true
    },
  }
}

export type Writer = ReturnType<typeof createWriter>
