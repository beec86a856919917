import { medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import { recordOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const compute = () => value
const hits = 20_000
const settled = Promise.resolve(value)

async function prepare({ participant }: Stage): Promise<Task> {
  const open = await libraryNamed(participant).load()
  const cache = await open(setupOf({ computeOf: () => compute }))
  async function readAll(): Promise<void> {
    for (let at = 0; at < hits; at += 1) await cache.read('hot')
  }
  async function awaitAll(): Promise<void> {
    for (let at = 0; at < hits; at += 1) await settled
  }
  // Compiled code allocates less than interpreted code.
  for (let at = 0; at < 10; at += 1) {
    await readAll()
    await awaitAll()
  }
  return {
    async measure() {
      const awaited = await allocatedBy(readAll)
      return { 'bytes/hit': awaited - (await allocatedBy(awaitAll)), 'with the await': awaited }
    },
    end: () => cache.close(),
  }
}

async function allocatedBy(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  await work()
  return (process.memoryUsage().heapUsed - before) / hits
}

export const heap: Workload = {
  name: 'heap',
  title: 'Heap allocated per hot hit',
  about:
    "Garbage that one hit in memory leaves. What the caller's own `await` allocates is measured next to it, and taken off.",
  needs: ['memory'],
  limit: 'limit-lru',
  // Young garbage is not collected while it is counted.
  nodeArguments: ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'],
  metrics: [
    { name: 'bytes/hit', unit: 'B', better: 'less' },
    { name: 'with the await', unit: 'B', better: 'less' },
  ],
  prepare,
  goals: [medianAtMost('bytes/hit', 300, 'size', 'B')],
}
