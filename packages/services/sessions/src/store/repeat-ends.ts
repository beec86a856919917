import type { Clock } from '@larder/core'
import type { SessionEnd, SessionStore } from './session-store'

/** How long after an end it is repeated, in ms: after most failovers, and after slow ones. */
const delays = [1_000, 5_000, 30_000]

/** Ends of this time are repeated together, in ms. */
const batchTime = 1_000

/**
 * A store that repeats the ends of sessions: a replica that takes over may not have the last ones, since replication is
 * asynchronous, and a server that was away has none of that time. Repeating an end changes nothing else.
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

  function repeatLater(ends: readonly SessionEnd[]): void {
    if (batch !== undefined) return void batch.push(...ends)
    const collected = [...ends]
    batch = collected
    schedule(batchTime, () => {
      batch = undefined
      // The connection reports its errors itself.
      const repeat = () => void store.endMany(collected).catch(() => undefined)
      for (const delay of delays) schedule(delay, repeat)
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
