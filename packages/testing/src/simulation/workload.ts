import type { Cache } from '@larder/core'
import { pickRandom } from '../clock/seeded-random'
import type { Demand, History, ReadRecord, WriteRecord } from './history'
import type { Source, Wait } from './source'
import type { Node, World } from './world'

/** The workload that all processes of a simulation share. */
export interface Workload {
  readonly world: World
  readonly source: Source
  readonly history: History
  /** Items, numbered from 0. */
  readonly items: number
  /** Random reads and writes stop at this time, in ms. */
  readonly until: number
  /** How many times longer than usual the pauses between reads, and between writes, are. @defaultValue `1` */
  readonly pace?: number | undefined
  /** Periods without writes, in ms. */
  readonly quietPeriods?: readonly { readonly from: number; readonly to: number }[] | undefined
  /** Whether processes clear the cache, which hides other lost invalidations. @defaultValue `true` */
  readonly clears?: boolean | undefined
}

/** Concurrent readers per process. */
const readersPerProcess = 2
/** A tag that the tag of item 0 is linked to. */
const linkedTag = 'linked'

/** Each item belongs to a group, so invalidating the group's tag invalidates the item. */
const groupOf = (item: number) => `group-${item % 2}`
const tagOf = (item: number) => `${groupOf(item)}:${item}`

/** Starts the readers and the writer of a process. They stop at the end of the workload or when the process is killed. */
export function startWorkload(workload: Workload, node: Node): void {
  const { world, until, pace = 1 } = workload
  const wait = createWait(node, world)

  async function repeatUntilEnd(pause: number, action: () => Promise<void>): Promise<void> {
    for (;;) {
      await wait(pause * pace * 2 * world.random())
      if (world.timers.time >= until) return
      await action()
    }
  }
  for (let index = 0; index < readersPerProcess; index += 1)
    void repeatUntilEnd(150, () => readSomething(workload, node))
  void repeatUntilEnd(400, () => writeSomething(workload, node))
  if (node.index === 0) void node.cache.link(tagOf(0), linkedTag)
}

/** Waits in the time of a process: not while it is frozen, and forever once it is killed or the workload has ended. */
function createWait({ process }: Node, world: World): Wait {
  return (ms) =>
    new Promise((resolve) => {
      process.clock.timeout(ms, () => {
        if (!world.isOver) resolve()
      })
    })
}

function readSomething(workload: Workload, node: Node): Promise<void> {
  const { world, items, history } = workload
  const { random } = world
  // Skewed: low items are read much more often than high ones.
  const item = Math.floor(items * random() ** 2)
  const latest = history.writes.at(-1 - Math.floor(3 * random()))
  const draw = random()
  if (draw < 0.1) return readItem(workload, node, item, 'strong')
  if (draw < 0.2 && latest?.token !== undefined)
    return readItem(workload, node, latest.item, { after: latest })
  if (draw < 0.3) return readPair(workload, node, item, (item + 1) % items)
  return readItem(workload, node, item, 'bounded')
}

/** Reads one item and records the result. */
export async function readItem(
  workload: Workload,
  node: Node,
  item: number,
  demand: Demand,
  isLast = false,
): Promise<void> {
  const record = startRecord(workload, node, item, demand, isLast)
  try {
    record.version = await loadItem(workload, node, item, optionsOf(demand))
  } catch (error) {
    record.error = error
  }
  record.endedAt = workload.world.timers.time
}

/** Reads two items as one cached value, computed from the cached values of both. */
async function readPair(workload: Workload, node: Node, first: number, second: number): Promise<void> {
  const records = [first, second].map((item) => startRecord(workload, node, item, 'bounded', false))
  try {
    const pair = await node.cache.getOrCompute(`pair ${first} ${second}`, () =>
      Promise.all([loadItem(workload, node, first, {}), loadItem(workload, node, second, {})]),
    )
    records.forEach((record, index) => {
      record.version = pair[index]
    })
  } catch (error) {
    for (const record of records) record.error = error
  }
  for (const record of records) record.endedAt = workload.world.timers.time
}

function startRecord(
  { history, world }: Workload,
  { index, incarnation }: Node,
  item: number,
  demand: Demand,
  isLast: boolean,
): ReadRecord {
  const record: ReadRecord = {
    node: index,
    incarnation,
    item,
    startedAt: world.timers.time,
    demand,
    isLast,
    endedAt: undefined,
    version: undefined,
    error: undefined,
  }
  history.reads.push(record)
  return record
}

function optionsOf(demand: Demand) {
  if (demand === 'bounded') return {}
  return demand === 'strong' ? { consistency: 'strong' as const } : { after: demand.after.token }
}

/** Reads an item through the cache. Two of three items get their tag as an option, the others inside the computation. */
function loadItem({ source, world }: Workload, node: Node, item: number, options: object): Promise<number> {
  const isKnownBefore = item % 3 !== 0
  return node.cache.getOrCompute(
    `item ${item}`,
    async ({ tag }) => {
      const version = await source.readVersion(item, createWait(node, world))
      if (!isKnownBefore) tag(tagOf(item))
      return version
    },
    { ...options, tags: isKnownBefore ? [tagOf(item)] : [] },
  )
}

type Means = (cache: Cache, item: number, version: number) => ReturnType<Cache['invalidate']>

/** The calls that invalidate an item. */
const means: Record<string, Means> = {
  tag: (cache, item) => cache.invalidate(tagOf(item)),
  group: (cache, item) => cache.invalidate(groupOf(item)),
  key: (cache, item) => cache.delete(`item ${item}`),
  clear: (cache) => cache.clear(),
  // A process that does not know the link yet, because the log was lost and not yet reissued, invalidates the child's tag.
  link: (cache, item) => cache.invalidate(cache.graph().length > 0 ? linkedTag : tagOf(item)),
  set: (cache, item, version) => cache.set(`item ${item}`, version, { tags: [tagOf(item)] }),
}

/** The calls that a process may use: only one process may `set` an item, because a delayed `set` would store an old version. */
function meansFor(item: number, node: Node, size: number): readonly string[] {
  const owner = item % size
  if (item === 0) return ['link', 'tag', 'group']
  if (item === 1) return ['key', 'clear', 'group']
  return owner === node.index ? ['set'] : []
}

async function writeSomething(workload: Workload, node: Node): Promise<void> {
  const { world, source, history, items, quietPeriods = [], clears = true } = workload
  const { time } = world.timers
  if (quietPeriods.some(({ from, to }) => time >= from && time < to)) return
  const item = Math.floor(items * world.random())
  const allowedMeans = meansFor(item, node, world.nodes.length).filter((name) => clears || name !== 'clear')
  if (allowedMeans.length === 0) return
  const name = pickRandom(world.random, allowedMeans)
  const version = await source.commitVersion(item, createWait(node, world))
  const committedAt = world.timers.time
  const { outcome, token } = await (means[name] as Means)(node.cache, item, version)
  const record: WriteRecord = {
    node: node.index,
    incarnation: node.incarnation,
    item,
    version,
    committedAt,
    means: name,
    resolvedAt: world.timers.time,
    outcome,
    token,
  }
  history.writes.push(record)
}
