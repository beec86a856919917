import type { Clock } from '../contracts/clock'
import type { ComputeOutcome, FillOutcome, SkipReason } from '../contracts/events'
import { createDurationSketch } from './duration-sketch'
import type { Emitter } from './emitter'
import type { CountedKey, FunctionCounts } from './function-counts'

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
