import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@larder/core'
import { type Demand, type ReadRecord, seededRandom, type WriteRecord } from '@larder/testing'
import { type Assignment, items, sharedNow } from './messages'

/** The parent process, which plays the database and collects the history. */
export interface Parent {
  queryDatabase(kind: 'read' | 'commit', item: number): Promise<number>
  /** Reports an acknowledged write, and how many reads this process has begun so far. */
  reportWrite(write: WriteRecord, reads: number): void
}

const groupOf = (item: number) => `group-${item % 4}`
const tagOf = (item: number) => `${groupOf(item)}:${item}`

/** Starts the readers and the writer of one process. */
export function startWorkload(cache: Cache, { node, seed, isForgetful }: Assignment, parent: Parent) {
  const random = seededRandom(seed)
  const reads: ReadRecord[] = []
  const news: WriteRecord[] = []
  let isStopped = false

  async function readItem(item: number, demand: Demand, isLast = false): Promise<void> {
    const record = startRecord(node, item, demand, isLast)
    reads.push(record)
    try {
      record.version = await performRead(cache, parent, record)
    } catch (error) {
      record.error = String(error)
    }
    record.endedAt = sharedNow()
  }

  async function writeItem(item: number): Promise<void> {
    const version = await parent.queryDatabase('commit', item)
    const committedAt = sharedNow()
    const draw = random()
    const means = draw < 0.5 ? 'tag' : draw < 0.75 ? 'key' : draw < 0.97 ? 'group' : 'clear'
    const isForgotten = isForgetful && random() < 0.2
    const { outcome, token } = isForgotten
      ? { outcome: 'applied' as const, token: undefined }
      : await invalidateItem(cache, item, means)
    const resolvedAt = sharedNow()
    parent.reportWrite(
      { node, incarnation: 0, item, version, committedAt, means, resolvedAt, outcome, token },
      reads.length,
    )
  }

  async function repeatUntilStopped(pause: number, action: () => Promise<void>): Promise<void> {
    while (!isStopped) {
      await sleep(pause * 2 * random())
      await action()
    }
  }

  function readSomething(): Promise<void> {
    const item = Math.floor(items * random() ** 2)
    const latest = news.at(-1 - Math.floor(3 * random()))
    const draw = random()
    if (draw < 0.05) return readItem(item, 'strong')
    if (draw < 0.15 && latest?.token !== undefined) return readItem(latest.item, { after: latest })
    return readItem(item, 'bounded')
  }

  const running = [
    ...Array.from({ length: 4 }, () => repeatUntilStopped(8, readSomething)),
    repeatUntilStopped(120, () => writeItem(Math.floor(items * random()))),
  ]

  return {
    reads,
    addNews: (write: WriteRecord) => void news.push(write),
    /** Stops the workload. Resolves once the outbox is empty and the log has been read, however long that takes. */
    async stopAndRecover(): Promise<void> {
      isStopped = true
      await Promise.all(running)
      const hasRecovered = () => cache.stats().outbox === 0 && cache.stats().lag < 1_000
      while (!hasRecovered()) await sleep(50)
    },
    async readAll(): Promise<void> {
      for (let item = 0; item < items; item += 1) await readItem(item, 'bounded', true)
    },
  }
}

function performRead(cache: Cache, parent: Parent, { item, demand }: ReadRecord): Promise<number> {
  const strong = demand === 'strong' ? ({ consistency: 'strong' } as const) : {}
  const after = typeof demand === 'object' ? { after: demand.after.token } : {}
  const options = { tags: [tagOf(item)], ...strong, ...after }
  return cache.getOrCompute(`item ${item}`, () => parent.queryDatabase('read', item), options)
}

function startRecord(node: number, item: number, demand: Demand, isLast: boolean): ReadRecord {
  return {
    node,
    incarnation: 0,
    item,
    startedAt: sharedNow(),
    demand,
    isLast,
    endedAt: undefined,
    version: undefined,
    error: undefined,
  }
}

function invalidateItem(cache: Cache, item: number, means: 'tag' | 'key' | 'group' | 'clear') {
  if (means === 'tag') return cache.invalidate(tagOf(item))
  if (means === 'group') return cache.invalidate(groupOf(item))
  return means === 'key' ? cache.delete(`item ${item}`) : cache.clear()
}
