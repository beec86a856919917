import type { Cache } from '@larder/core'
import { pick } from './faults'
import type { Demand, History, ReadRecord, WriteRecord } from './history'
import type { Source, Wait } from './source'
import type { Node, World } from './world'

/** What the processes of a simulation work on. */
export interface Workload {
  readonly world: World
  readonly source: Source
  readonly history: History
  /** Items, numbered from 0. */
  readonly items: number
  /** Reading and writing ends at this moment, in ms. */
  readonly until: number
}

/** Readers in each process. */
const readers = 2
/** The tag that item 0 hangs below by a link. */
const linkedTag = 'linked'

/** Each item belongs to a group: whatever invalidates the group invalidates its items. */
const groupOf = (item: number) => `group-${item % 2}`
const tagOf = (item: number) => `${groupOf(item)}:${item}`

/** Lets a process read and write until the end of the simulation, or its own. */
export function work(workload: Workload, node: Node): void {
  const { world, until } = workload
  const wait = waitIn(node, world)

  async function repeat(pause: number, act: () => Promise<void>): Promise<void> {
    for (;;) {
      await wait(pause * 2 * world.random())
      if (world.timers.time >= until) return
      await act()
    }
  }
  for (let at = 0; at < readers; at += 1) void repeat(150, () => readSomething(workload, node))
  void repeat(400, () => writeSomething(workload, node))
  if (node.index === 0) void node.cache.link(tagOf(0), linkedTag)
}

/** Waits in the time of a process: not while it is frozen, and forever when it is dead or all is over. */
function waitIn({ process }: Node, world: World): Wait {
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
  // Some items are asked for much more than others.
  const item = Math.floor(items * random() ** 2)
  const latest = history.writes.at(-1 - Math.floor(3 * random()))
  const roll = random()
  if (roll < 0.1) return read(workload, node, item, 'strong')
  if (roll < 0.2 && latest?.token !== undefined) return read(workload, node, latest.item, { after: latest })
  if (roll < 0.3) return readPair(workload, node, item, (item + 1) % items)
  return read(workload, node, item, 'bounded')
}

/** Reads one item, and puts what came of it on record. */
export async function read(
  workload: Workload,
  node: Node,
  item: number,
  demand: Demand,
  isLast = false,
): Promise<void> {
  const record = begin(workload, node, item, demand, isLast)
  try {
    record.version = await load(workload, node, item, optionsOf(demand))
  } catch (error) {
    record.error = error
  }
  record.endedAt = workload.world.timers.time
}

/** Reads two items as one cached value, computed from the cached values of both. */
async function readPair(workload: Workload, node: Node, first: number, second: number): Promise<void> {
  const records = [first, second].map((item) => begin(workload, node, item, 'bounded', false))
  try {
    const pair = await node.cache.getOrCompute(`pair ${first} ${second}`, () =>
      Promise.all([load(workload, node, first, {}), load(workload, node, second, {})]),
    )
    records.forEach((record, at) => {
      record.version = pair[at]
    })
  } catch (error) {
    for (const record of records) record.error = error
  }
  for (const record of records) record.endedAt = workload.world.timers.time
}

function begin(
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

/** The version of an item through the cache. Some tags are known before it is read, some only afterwards. */
function load({ source, world }: Workload, node: Node, item: number, options: object): Promise<number> {
  const isKnownBefore = item % 3 !== 0
  return node.cache.getOrCompute(
    `item ${item}`,
    async ({ tag }) => {
      const version = await source.read(item, waitIn(node, world))
      if (!isKnownBefore) tag(tagOf(item))
      return version
    },
    { ...options, tags: isKnownBefore ? [tagOf(item)] : [] },
  )
}

type Means = (cache: Cache, item: number, version: number) => ReturnType<Cache['invalidate']>

/** The ways to end what is cached of an item. */
const means: Record<string, Means> = {
  tag: (cache, item) => cache.invalidate(tagOf(item)),
  group: (cache, item) => cache.invalidate(groupOf(item)),
  key: (cache, item) => cache.delete(`item ${item}`),
  clear: (cache) => cache.clear(),
  // Whoever has not heard of the link, because the log was lost and nobody has told it again yet, names the tag itself.
  link: (cache, item) => cache.invalidate(cache.graph().length > 0 ? linkedTag : tagOf(item)),
  set: (cache, item, version) => cache.set(`item ${item}`, version, { tags: [tagOf(item)] }),
}

/** Ways that fit: only one process may `set` an item, because a value that comes late is not the latest. */
function meansFor(item: number, node: Node, size: number): readonly string[] {
  const owner = item % size
  if (item === 0) return ['link', 'tag', 'group']
  if (item === 1) return ['key', 'clear', 'group']
  return owner === node.index ? ['set'] : []
}

async function writeSomething(workload: Workload, node: Node): Promise<void> {
  const { world, source, history, items } = workload
  const item = Math.floor(items * world.random())
  const fitting = meansFor(item, node, world.nodes.length)
  if (fitting.length === 0) return
  const name = pick(world.random, fitting)
  const version = await source.commit(item, waitIn(node, world))
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
