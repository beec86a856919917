import { medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import { recordOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const count = effort.isShort ? 10_000 : 50_000
  const openCache = await libraryNamed(participant).load()
  const caches: { close(): Promise<unknown> }[] = []
  async function fillCache(): Promise<void> {
    const cache = await openCache(setupOf({ capacity: count, computeOf: () => () => recordOf('value') }))
    caches.push(cache)
    for (let index = 0; index < count; index += 1) await cache.read(`key-${index}`)
  }
  const values: object[] = []
  async function fillArray(): Promise<void> {
    for (let index = 0; index < count; index += 1) values.push(recordOf('value'))
  }
  return {
    async measureRound() {
      const kept = (await bytesKeptBy(fillCache)) / count
      const value = (await bytesKeptBy(fillArray)) / count
      return { 'bytes/entry': kept - value, 'of the value': value }
    },
    close: () => Promise.all(caches.map((cache) => cache.close())),
  }
}

async function bytesKeptBy(work: () => Promise<void>): Promise<number> {
  const before = await bytesInUse()
  await work()
  return (await bytesInUse()) - before
}

async function bytesInUse(): Promise<number> {
  // Objects referenced by settled promises become garbage in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const memoryBytes: Workload = {
  name: 'memory-bytes',
  title: 'Bytes in memory',
  about: 'Bytes per entry in memory, including its key, minus the bytes of the value itself.',
  needs: ['memory'],
  limit: 'limit-map',
  maxRounds: 1,
  nodeArguments: ['--expose-gc'],
  metrics: [
    { name: 'bytes/entry', unit: 'B', better: 'less' },
    { name: 'of the value', unit: 'B', better: 'less' },
  ],
  prepareTask,
  goals: [medianAtMost('bytes/entry', 200, 'size', 'B')],
}
