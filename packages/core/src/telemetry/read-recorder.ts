import type { Clock } from '../contracts/clock'
import type { CacheEvents, ComputeOutcome, FillOutcome, MissReason, SkipReason } from '../contracts/events'
import type { LocalEntry } from '../entry/entry'
import { createDurationSketch } from './duration-sketch'
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

/** Records computations, and what becomes of their values. */
export function createComputeRecorder(emitter: Emitter, clock: Clock) {
  return {
    /** A computation has ended. `startedAt` is on the monotonic clock. */
    compute(
      { key, counts }: CountedKey,
      outcome: ComputeOutcome,
      background: boolean,
      startedAt: number,
    ): void {
      const now = clock.monotonic()
      const duration = now - startedAt
      counts.computes[outcome] += 1
      counts.computeTime += duration
      counts.durations ??= createDurationSketch()
      counts.durations.add(duration, now)
      if (!emitter.hasListeners('compute')) return
      emitter.emit('compute', { key, function: counts.name, duration, outcome, background })
    },

    /** `reason`: why the value was skipped. */
    fill({ key, counts }: CountedKey, outcome: FillOutcome, reason: SkipReason | undefined): void {
      counts.fills[outcome] += 1
      if (reason !== undefined) counts.skips[reason] += 1
      if (emitter.hasListeners('fill')) emitter.emit('fill', { key, function: counts.name, outcome, reason })
    },

    /** A computation in the background starts. */
    refresh({ counts }: CountedKey): void {
      counts.refreshes += 1
    },

    /** An entry was written to a shared tier. `counts` are undefined for a copy of an entry of a farther tier. */
    write(key: string, counts: FunctionCounts | undefined, tier: string, bytes: number): void {
      if (counts !== undefined) counts.writtenBytes += bytes
      if (emitter.hasListeners('write')) emitter.emit('write', { key, function: counts?.name, tier, bytes })
    },
  }
}
