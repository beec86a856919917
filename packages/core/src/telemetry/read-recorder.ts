import type { Clock } from '../contracts/clock'
import type { CacheEvents, MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import { type Emitter, isObserved } from './emitter'
import type { CountedKey, FunctionCounts } from './function-counts'

type StaleReason = CacheEvents['stale']['reason']

/** The fast path measures the age of one hit in this many, a power of two. */
const ageSampling = 64

/** Records reads, and the callers that join a computation. `now` is the time on the log's clock. */
export function createReadRecorder(emitter: Emitter, clock: Clock) {
  const hitTopic = emitter.topicOf('hit')

  function emitHit(counts: FunctionCounts, { key, createdAt }: LocalEntry, tier: string, now: number): void {
    emitter.emit('hit', { key, function: counts.name, tier, age: now - createdAt })
  }

  return {
    /** A fresh value was served. */
    hit(counts: FunctionCounts, entry: LocalEntry, tier: string, now: number): void {
      counts.hits[tier] = (counts.hits[tier] ?? 0) + 1
      sampleAge(counts, now - entry.createdAt)
      if (isObserved(hitTopic)) emitHit(counts, entry, tier, now)
    },

    /** `hit` for the local tier, without a lookup by name, for the fast path. */
    localHitRecorder(tier: string): (counts: FunctionCounts, entry: LocalEntry, now: number) => void {
      return (counts, entry, now) => {
        counts.fastHits += 1
        if ((counts.fastHits & (ageSampling - 1)) === 1) sampleAge(counts, now - entry.createdAt)
        if (isObserved(hitTopic)) emitHit(counts, entry, tier, now)
      }
    },

    stale(
      counts: FunctionCounts,
      { key, createdAt }: LocalEntry,
      tier: string,
      reason: StaleReason,
      now: number,
    ): void {
      counts.stale += 1
      if (!emitter.hasListeners('stale')) return
      emitter.emit('stale', { key, function: counts.name, tier, age: now - createdAt, reason })
    },

    miss({ key, counts }: CountedKey, reason: MissReason): void {
      counts.missReasons[reason] += 1
      if (emitter.hasListeners('miss')) emitter.emit('miss', { key, function: counts.name, reason })
    },

    /** A caller joins the flight of another. */
    join({ counts }: CountedKey): void {
      counts.joins += 1
    },

    /** A caller that joined a flight has its result. `startedAt`: when it began to wait, on the monotonic clock. */
    joined({ key, counts }: CountedKey, startedAt: number): void {
      if (!emitter.hasListeners('join')) return
      emitter.emit('join', { key, function: counts.name, duration: clock.monotonic() - startedAt })
    },
  }
}

/** The weight of the latest sample in the moving average. */
const sampleWeight = 1 / 16

function sampleAge(counts: FunctionCounts, age: number): void {
  counts.servedAge += counts.servedAge === 0 ? age : (age - counts.servedAge) * sampleWeight
}
