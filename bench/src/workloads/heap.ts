import { medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import { recordOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const computeValue = () => value
const hits = 20_000
const settled = Promise.resolve(value)

async function prepareTask({ participant }: ParticipantContext): Promise<ParticipantTask> {
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(setupOf({ computeOf: () => computeValue }))
  async function readAll(): Promise<void> {
    for (let index = 0; index < hits; index += 1) await cache.read('hot')
  }
  async function awaitAll(): Promise<void> {
    for (let index = 0; index < hits; index += 1) await settled
  }
  // Warm up: compiled code allocates less than interpreted code.
  for (let index = 0; index < 10; index += 1) {
    await readAll()
    await awaitAll()
  }
  return {
    async measureRound() {
      const awaited = await allocatedBy(readAll)
      return { 'bytes/hit': awaited - (await allocatedBy(awaitAll)), 'with the await': awaited }
    },
    close: () => cache.close(),
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
    "Garbage per hit in memory. The garbage of the caller's own `await` is measured too, and subtracted.",
  needs: ['memory'],
  limit: 'limit-lru',
  // A young generation large enough that no collection happens while bytes are counted.
  nodeArguments: ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'],
  metrics: [
    { name: 'bytes/hit', unit: 'B', better: 'less' },
    { name: 'with the await', unit: 'B', better: 'less' },
  ],
  prepareTask,
  goals: [medianAtMost('bytes/hit', 300, 'size', 'B')],
}
