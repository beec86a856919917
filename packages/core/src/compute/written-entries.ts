import type { Clock } from '../contracts/clock'
import type { Entry } from '../entry/entry'
import type { EntryPosition } from '../entry/entry-position'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import { findReadOnce, readOnceError } from '../entry/read-once'
import type { Follower } from '../invalidation/follower'
import { toLocalEntry } from '../storage/to-local-entry'
import type { Rules } from './rules'
import { applyJitter } from './run-computation'

/** A value to be written, with everything that its options say about it. */
export interface PreparedValue {
  readonly key: string
  readonly value: unknown
  /** Without the ancestors of the tags: the tag graph may change until the value is written. */
  readonly tags: readonly string[]
  /** Before jitter, in ms. */
  readonly life: number
}

/** Dependencies of {@link createBuildWrittenEntries}. */
interface WrittenEntriesOptions {
  readonly clock: Clock
  readonly follower: Follower
  /** Warns that a value is written but cannot be stored. */
  warnUnstorable(key: string, error: unknown): void
}

/** Builds the entries of values that are written at one position of the log. Values whose life is over have none. */
export function createBuildWrittenEntries({ clock, follower, warnUnstorable }: WrittenEntriesOptions) {
  return (
    values: readonly PreparedValue[],
    rules: Rules,
    position: EntryPosition,
    { sequence, startedAt }: Stamp,
  ): LocalEntry[] => {
    const now = momentOf(clock)
    const createdAt = follower.creationTime(now)
    const clockOffset = createdAt - now.monotonic

    function buildEntry({ key, value, tags, life }: PreparedValue): Entry {
      const freshUntil = createdAt + applyJitter(life, rules.jitter, clock)
      return {
        key,
        kind: 'value',
        value,
        tags: follower.graph.closureOf(tags),
        ...position,
        createdAt,
        freshUntil,
        staleUntil: freshUntil + rules.staleWhileRevalidate,
        errorUntil: freshUntil + rules.staleIfError,
        computeTime: 0,
      }
    }

    /** The old value has ended already, so a value that the tag graph has made unstorable since is only left out. */
    function buildStorable(prepared: PreparedValue): LocalEntry[] {
      try {
        const entry = buildEntry(prepared)
        if (entry.freshUntil <= createdAt) return []
        const local = toLocalEntry(entry, { rules, sequence, startedAt, clockOffset })
        const readOnce = findReadOnce(local)
        if (readOnce !== undefined) throw readOnceError(readOnce)
        return [local]
      } catch (error) {
        warnUnstorable(prepared.key, error)
        return []
      }
    }

    return values.flatMap(buildStorable)
  }
}
