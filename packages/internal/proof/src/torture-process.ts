import { setTimeout as sleep } from 'node:timers/promises'
import { type Demand, type ReadRecord, seededRandom, type WriteRecord } from '@larder/testing'
import { openCache } from './torture/cache'
import { type Assignment, items, sharedNow, type ToParent, type ToProcess } from './torture/messages'

const say = (message: ToParent) => void process.send?.(message)

const answers = new Map<number, (version: number) => void>()
let asked = 0

/** Asks the database, which the parent is. */
function ask(kind: 'read' | 'commit', item: number): Promise<number> {
  asked += 1
  const id = asked
  say({ kind, id, item })
  return new Promise((resolve) => answers.set(id, resolve))
}

const groupOf = (item: number) => `group-${item % 4}`
const tagOf = (item: number) => `${groupOf(item)}:${item}`

function start({ node, address, seed, isForgetful }: Assignment) {
  const random = seededRandom(seed)
  const cache = openCache(address)
  const reads: ReadRecord[] = []
  const news: WriteRecord[] = []
  let isOver = false

  async function read(item: number, demand: Demand, isLast = false): Promise<void> {
    const record: ReadRecord = {
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
    reads.push(record)
    const strong = demand === 'strong' ? ({ consistency: 'strong' } as const) : {}
    const after = typeof demand === 'object' ? { after: demand.after.token } : {}
    try {
      record.version = await cache.getOrCompute(`item ${item}`, () => ask('read', item), {
        tags: [tagOf(item)],
        ...strong,
        ...after,
      })
    } catch (error) {
      record.error = String(error)
    }
    record.endedAt = sharedNow()
  }

  async function write(item: number): Promise<void> {
    const version = await ask('commit', item)
    const committedAt = sharedNow()
    const roll = random()
    const means = roll < 0.5 ? 'tag' : roll < 0.75 ? 'key' : roll < 0.97 ? 'group' : 'clear'
    if (isForgetful && random() < 0.2) return report({ outcome: 'applied', token: undefined })
    if (means === 'tag') return report(await cache.invalidate(tagOf(item)))
    if (means === 'group') return report(await cache.invalidate(groupOf(item)))
    return report(means === 'key' ? await cache.delete(`item ${item}`) : await cache.clear())

    function report({ outcome, token }: Pick<WriteRecord, 'outcome' | 'token'>): void {
      const resolvedAt = sharedNow()
      say({
        kind: 'wrote',
        write: { node, incarnation: 0, item, version, committedAt, means, resolvedAt, outcome, token },
        reads: reads.length,
      })
    }
  }

  async function repeat(pause: number, act: () => Promise<void>): Promise<void> {
    while (!isOver) {
      await sleep(pause * 2 * random())
      await act()
    }
  }

  function readSomething(): Promise<void> {
    const item = Math.floor(items * random() ** 2)
    const latest = news.at(-1 - Math.floor(3 * random()))
    const roll = random()
    if (roll < 0.05) return read(item, 'strong')
    if (roll < 0.15 && latest?.token !== undefined) return read(latest.item, { after: latest })
    return read(item, 'bounded')
  }

  const working = [
    ...Array.from({ length: 4 }, () => repeat(8, readSomething)),
    repeat(120, () => write(Math.floor(items * random()))),
  ]

  /** Ends the work and waits until nothing is left to be told, however long that takes. */
  async function rest(): Promise<void> {
    isOver = true
    await Promise.all(working)
    const isWell = () => cache.stats().outbox === 0 && cache.stats().lag < 1_000
    while (!isWell()) await sleep(50)
    say({ kind: 'well' })
  }

  async function finish(): Promise<void> {
    for (let item = 0; item < items; item += 1) await read(item, 'bounded', true)
    await cache.close()
    process.send?.({ kind: 'done', reads } satisfies ToParent, () => process.exit())
  }

  return { hear: (write: WriteRecord) => void news.push(write), rest, finish }
}

let running: ReturnType<typeof start> | undefined

process.on('message', (message: ToProcess) => {
  if (message.kind === 'start') running = start(message.assignment)
  if (message.kind === 'version') {
    answers.get(message.id)?.(message.version)
    answers.delete(message.id)
  }
  if (message.kind === 'news') running?.hear(message.write)
  if (message.kind === 'rest') void running?.rest()
  if (message.kind === 'finish') void running?.finish()
})
process.on('disconnect', () => process.exit(1))
