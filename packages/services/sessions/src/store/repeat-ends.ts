import type { Clock } from '@larder/core'
import { type SessionEnd, type SessionStore, tombstoneLife } from './session-store'

/** How long after an end it is repeated, in ms: after most failovers, and after slow ones. */
const delays = [1_000, 5_000, 30_000]

/** How long after a repetition that failed the next one comes, in ms. */
const retryDelay = 30_000

/** Ends of this time are repeated together, in ms. */
const batchTime = 1_000

/**
 * A store that repeats the ends of sessions: a replica that takes over may not have the last ones, since replication is
 * asynchronous, and a server that was away has none of that time. Repetitions that fail are tried again for as long as the
 * process refuses the sessions by itself. Repeating an end changes nothing else.
 */
export function repeatEnds(store: SessionStore, clock: Clock): { store: SessionStore; cancel(): void } {
  const cancels = new Set<() => void>()
  let batch: SessionEnd[] | undefined

  function schedule(delay: number, task: () => void): void {
    const cancel = clock.background(delay, () => {
      cancels.delete(cancel)
      task()
    })
    cancels.add(cancel)
  }

  async function repeat(ends: readonly SessionEnd[], until: number): Promise<void> {
    try {
      await store.endMany(ends)
    } catch {
      // The connection reports its errors itself.
      if (clock.now() < until) schedule(retryDelay, () => void repeat(ends, until))
    }
  }

  function repeatLater(ends: readonly SessionEnd[]): void {
    if (batch !== undefined) return void batch.push(...ends)
    const collected = [...ends]
    batch = collected
    schedule(batchTime, () => {
      batch = undefined
      const until = clock.now() + tombstoneLife
      for (const delay of delays) schedule(delay, () => void repeat(collected, until))
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
      for (const cancel of cancels) cancel()
    },
  }
}
