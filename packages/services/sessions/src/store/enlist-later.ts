import type { Clock } from '@larder/core'
import type { GuardedConnection } from '@larder/redis/kit'
import type { Bucket } from './buckets'
import type { SessionScripts } from './session-scripts'

interface EnlistmentOptions {
  readonly redis: GuardedConnection
  readonly scripts: SessionScripts
  readonly clock: Clock
}

export type Enlistment = ReturnType<typeof createEnlistment>

/** Sessions of this time are enlisted together, in ms. */
const batchTime = 500

/**
 * Adds sessions that were written without a script to those that live, by which they are counted: together, and in the
 * background. One of a process that ends before is counted from its next use that is recorded.
 */
export function createEnlistment({ redis, scripts, clock }: EnlistmentOptions) {
  /** The latest end of each session, by its handle. */
  const waiting = new Map<Bucket, Map<string, number>>()
  let cancelTimer: (() => void) | undefined
  let underWay: Promise<void> = Promise.resolve()

  /** Resolves when those that are under way are enlisted as well. */
  function enlistAll(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    underWay = Promise.allSettled([underWay, enlist()]).then(([, result]) => {
      if (result.status === 'rejected') throw result.reason
    })
    return underWay
  }

  async function enlist(): Promise<void> {
    const batches = [...waiting]
    waiting.clear()
    const calls = batches.map(([{ sessionPrefix, epoch, live }, ends]) =>
      scripts.enlist.callWith(
        { live, epoch },
        [...ends.values()],
        [...ends.keys()].map((handle) => sessionPrefix + handle),
      ),
    )
    if (calls.length > 0) await redis.runScripts(calls)
  }

  return {
    enlistAll,
    enlistLater(bucket: Bucket, handle: string, until: number): void {
      const ends = waiting.get(bucket) ?? new Map<string, number>()
      waiting.set(bucket, ends.set(handle, until))
      // The connection reports its errors itself.
      cancelTimer ??= clock.background(batchTime, () => void enlistAll().catch(() => undefined))
    },
    cancel: () => cancelTimer?.(),
  }
}
