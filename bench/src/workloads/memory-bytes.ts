import { medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import { recordOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

async function prepare({ participant, effort }: Stage): Promise<Task> {
  const count = effort.isShort ? 10_000 : 50_000
  const open = await libraryNamed(participant).load()
  const caches: { close(): Promise<unknown> }[] = []
  async function fill(): Promise<void> {
    const cache = await open(setupOf({ room: count, computeOf: () => () => recordOf('value') }))
    caches.push(cache)
    for (let at = 0; at < count; at += 1) await cache.read(`key-${at}`)
  }
  const values: object[] = []
  async function keep(): Promise<void> {
    for (let at = 0; at < count; at += 1) values.push(recordOf('value'))
  }
  return {
    async measure() {
      const kept = (await keptBy(fill)) / count
      const value = (await keptBy(keep)) / count
      return { 'bytes/entry': kept - value, 'of the value': value }
    },
    end: () => Promise.all(caches.map((cache) => cache.close())),
  }
}

async function keptBy(work: () => Promise<void>): Promise<number> {
  const before = await bytesInUse()
  await work()
  return (await bytesInUse()) - before
}

async function bytesInUse(): Promise<number> {
  // What a finished promise still holds goes with the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve))
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const memoryBytes: Workload = {
  name: 'memory-bytes',
  title: 'Bytes in memory',
  about: 'What the process keeps for an entry in memory, its key included, above what the value alone takes.',
  needs: ['memory'],
  limit: 'limit-map',
  maxRounds: 1,
  nodeArguments: ['--expose-gc'],
  metrics: [
    { name: 'bytes/entry', unit: 'B', better: 'less' },
    { name: 'of the value', unit: 'B', better: 'less' },
  ],
  prepare,
  goals: [medianAtMost('bytes/entry', 200, 'size', 'B')],
}
