import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@larder/core'
import { seededRandom, type WriteRecord } from '@larder/testing'
import { items } from './items'
import type { Assignment } from './messages'
import { createReads } from './reads'
import { createWrites } from './writes'

/** The parent process, which plays the database and collects the history. */
export interface Parent {
  queryDatabase(kind: 'read' | 'commit', item: number): Promise<number>
  /** Reports an acknowledged write, and how many reads this process has begun so far. */
  reportWrite(write: WriteRecord, reads: number): void
}

/** Starts the readers and the writer of one process. */
export function startWorkload(cache: Cache, assignment: Assignment, parent: Parent) {
  const random = seededRandom(assignment.seed)
  const news: WriteRecord[] = []
  let isStopped = false
  const queryVersion = (item: number) => parent.queryDatabase('read', item)
  const commitVersion = (item: number) => parent.queryDatabase('commit', item)
  const pause = () => sleep(200 * random())
  const reads = createReads({ cache, queryVersion }, assignment)
  const writes = createWrites({ cache, pause, commitVersion }, assignment, random)

  async function repeatUntilStopped(pauseLength: number, action: () => Promise<void>): Promise<void> {
    while (!isStopped) {
      await sleep(pauseLength * 2 * random())
      await action()
    }
  }

  function readSomething(): Promise<void> {
    const item = Math.floor(items * random() ** 2)
    const latest = news.at(-1 - Math.floor(3 * random()))
    const draw = random()
    if (draw < 0.1) return reads.readSome(random(), item, 'strong')
    if (draw < 0.25 && latest?.token !== undefined)
      return reads.readSome(random(), latest.item, { after: latest })
    return reads.readSome(random(), item, 'bounded')
  }

  async function writeSomething(): Promise<void> {
    if (random() < 0.2) return writes.invalidateSoftly()
    const write = await writes.writeItem(Math.floor(items * random()))
    if (write !== undefined) parent.reportWrite(write, reads.records.length)
  }

  const running = writes
    .linkItems()
    .then(() =>
      Promise.all([
        ...Array.from({ length: 4 }, () => repeatUntilStopped(8, readSomething)),
        repeatUntilStopped(100, writeSomething),
      ]),
    )

  return {
    reads: reads.records,
    addNews: (write: WriteRecord) => void news.push(write),
    /** Stops the workload. Resolves once the outbox is empty and the log has been read, however long that takes. */
    async stopAndRecover(): Promise<void> {
      isStopped = true
      await running
      const hasRecovered = () => cache.stats().outbox === 0 && cache.stats().lag < 1_000
      while (!hasRecovered()) await sleep(50)
    },
    async readAll(): Promise<void> {
      for (let item = 0; item < items; item += 1) await reads.readLast(item)
    },
  }
}
