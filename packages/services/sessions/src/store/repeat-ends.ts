import type { Clock } from '@larder/core'
import { type SessionEnd, type SessionStore, tombstoneLife } from './session-store'

/** The waits before each repetition, in ms: so one comes after most failovers, and after slow ones. */
const pauses = [1_000, 4_000, 25_000] as const

/** The wait before a repetition that failed is tried again, in ms. */
const retryPause = 10_000

/** Ends of this time are repeated together, in ms. */
const batchTime = 1_000

/** Ends that are repeated together. */
interface Batch {
  readonly ends: SessionEnd[]
  /** How many of the repetitions have succeeded. */
  repeated: number
  /** When the process no longer refuses the sessions by itself. */
  readonly until: number
}

/**
 * A store that repeats the ends of sessions: a replica that takes over may not have the last ones, since replication is
 * asynchronous, and a server that was away has none of that time. A repetition that fails is tried again, and holds up those
 * after it, for as long as the process refuses the sessions by itself. Repeating an end changes nothing else.
 */
export function repeatEnds(store: SessionStore, clock: Clock): { store: SessionStore; cancel(): void } {
  const cancels = new Set<() => void>()
  let collecting: Batch | undefined
  let isCancelled = false

  function schedule(pause: number, task: () => void): void {
    if (isCancelled) return
    const cancel = clock.background(pause, () => {
      cancels.delete(cancel)
      task()
    })
    cancels.add(cancel)
  }

  /** The one place that decides when a batch is written again. */
  function scheduleNext(batch: Batch, hasFailed: boolean): void {
    const pause = hasFailed ? retryPause : pauses[batch.repeated]
    if (pause !== undefined && clock.now() < batch.until) schedule(pause, () => void repeat(batch))
  }

  async function repeat(batch: Batch): Promise<void> {
    try {
      await store.endMany(batch.ends)
      batch.repeated += 1
      scheduleNext(batch, false)
    } catch {
      // The connection reports its errors itself.
      scheduleNext(batch, true)
    }
  }

  function repeatLater(ends: readonly SessionEnd[]): void {
    if (collecting !== undefined) return void collecting.ends.push(...ends)
    const batch: Batch = { ends: [...ends], repeated: 0, until: clock.now() + tombstoneLife }
    collecting = batch
    schedule(batchTime, () => {
      collecting = undefined
      scheduleNext(batch, false)
    })
  }

  return {
    store: {
      ...store,
      end(end) {
        repeatLater([end])
        return store.end(end)
      },
      endMany(ends) {
        repeatLater(ends)
        return store.endMany(ends)
      },
    },
    cancel() {
      isCancelled = true
      for (const cancel of cancels) cancel()
    },
  }
}
