import { linkedTag, tagOf } from './items'
import { readSomething } from './reads'
import { createWait, type Workload } from './workload'
import type { Node } from './world'
import { writeSomething } from './writes'

/** Concurrent readers and writers per process. */
const readersPerProcess = 2
const writersPerProcess = 2

/** Starts the readers and writers of a process. They stop at the end of the workload or when the process is killed. */
export function startWorkload(workload: Workload, node: Node): void {
  const { world, until, pace = 1 } = workload
  const wait = createWait(node, world)

  async function repeatUntilEnd(pause: number, action: () => Promise<void>): Promise<void> {
    for (;;) {
      await wait(pause * pace * 2 * world.random())
      if (world.timers.time >= until || world.nodes[node.index] !== node) return
      await action().catch(ignoreClosed)
    }
  }
  for (let reader = 0; reader < readersPerProcess; reader += 1)
    void repeatUntilEnd(150, () => readSomething(workload, node))
  for (let writer = 0; writer < writersPerProcess; writer += 1)
    void repeatUntilEnd(600, () => writeSomething(workload, node, writer))
  if (node.index === 0) void node.cache.link(tagOf(0), linkedTag)
}

/** A process that is being replaced, or was killed, can invalidate nothing any more. */
export function ignoreClosed(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'CACHE_CLOSED') throw error
}
