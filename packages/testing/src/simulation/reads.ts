import type { TagNames } from '@larder/core'
import { pickRandom } from '../clock/seeded-random'
import type { Demand, ReadRecord } from './history'
import { computeItem, type ItemReader, itemOptions, items, keyOf, loadItem, softTag, tagOf } from './items'
import { createWait, type Workload } from './workload'
import type { Node } from './world'

/** A read of several items. Resolves to their versions, in order. */
type Read = (reader: ItemReader, chosen: readonly number[], demand: object) => Promise<readonly number[]>

const readOne: Read = async (reader, [item = 0], demand) => [await loadItem(reader, item, demand)]

/** One item, loaded by the caller itself between `begin` and `fill`. */
const readByFill: Read = async (reader, [item = 0], demand) => {
  const beginning = await reader.cache.begin<number>(keyOf(item), { ...itemOptions(item), ...demand })
  if (beginning.hit) return [beginning.value]
  const found: TagNames[] = []
  const version = await computeItem(reader, item, { tag: (...tags) => void found.push(...tags) })
  beginning.fill(version, { tags: found.flat() })
  return [version]
}

/** One cached value, computed from the cached values of its items: the demand applies to the reads inside as well. */
const readComposite: Read = (reader, parts, demand) =>
  reader.cache.getOrCompute(
    `composite ${parts.join(' ')}`,
    () => Promise.all(parts.map((item) => loadItem(reader, item, {}))),
    { ...demand, tags: [softTag] },
  )

/** A cached value computed from a cached value that is computed from others. */
const readNested: Read = (reader, [first = 0, ...rest], demand) =>
  reader.cache.getOrCompute(
    `nested ${first} ${rest.join(' ')}`,
    async () => [await loadItem(reader, first, {}), ...(await readComposite(reader, rest, {}))],
    demand,
  )

/** Many values with one lookup and one computation of the missing ones. A row that got lost counts as older than every value. */
const readBatch: Read = async (reader, batch, demand) => {
  const values = await reader.cache.getManyOrCompute<number>(
    batch.map((item) => keyOf(item)),
    (keys, { tag }) =>
      Promise.all(
        keys.map((key) => {
          const item = batch.find((candidate) => keyOf(candidate) === key) ?? 0
          tag(key, tagOf(item))
          return computeItem(reader, item, { tag: () => undefined })
        }),
      ),
    demand,
  )
  return values.map((value) => value ?? -1)
}

/** The failure of a batch that shows which version it had read. */
class BatchFailure extends Error {
  constructor(readonly version: number) {
    super(`failed with version ${version}`)
  }
}

/** A cached value made of what a batch had read before it failed. */
const readFailedBatch: Read = (reader, [item = 0], demand) =>
  reader.cache.getOrCompute(
    `from failed batch ${item}`,
    () =>
      reader.cache
        .getManyOrCompute<number>([`row ${item}`], async () => {
          throw new BatchFailure(await loadItem(reader, item, {}))
        })
        .then(
          () => [],
          (error) => [(error as BatchFailure).version],
        ),
    demand,
  )

/** Reads something at random, and records the result. */
export function readSomething(workload: Workload, node: Node): Promise<void> {
  const { random } = workload.world
  // Skewed: low items are read much more often than high ones.
  const item = workload.focus?.item ?? Math.floor(items * random() ** 2)
  const latest = workload.history.writes.at(-1 - Math.floor(3 * random()))
  const draw = random()
  const demand: Demand =
    draw < 0.12 ? 'strong' : draw < 0.24 && latest?.token !== undefined ? { after: latest } : 'bounded'
  const first = typeof demand === 'object' ? demand.after.item : item
  const [second, third] = [(first + 1) % items, (first + 3) % items]
  const kind = random()
  if (kind < 0.12) return record(workload, node, readByFill, [first], demand)
  if (kind < 0.6) return record(workload, node, readOne, [first], demand)
  if (kind < 0.8) return record(workload, node, readComposite, [first, second], demand)
  if (kind < 0.9) return record(workload, node, readNested, [third, second, first], demand)
  if (workload.focus?.failsBatches) return record(workload, node, readFailedBatch, [first], demand)
  const batch = pickRandom(random, [
    [1, 5],
    [2, 4],
  ])
  return record(workload, node, readBatch, batch, typeof demand === 'object' ? 'bounded' : demand)
}

/** Reads one item, and records the result. */
export function readItem(workload: Workload, node: Node, item: number, demand: Demand): Promise<void> {
  return record(workload, node, readOne, [item], demand)
}

/** Reads one item after the end of the workload, and records the result. */
export function readLast(workload: Workload, node: Node, item: number): Promise<void> {
  return record(workload, node, readOne, [item], 'bounded', true)
}

async function record(
  workload: Workload,
  node: Node,
  read: Read,
  chosen: readonly number[],
  demand: Demand,
  isLast = false,
): Promise<void> {
  const { world, source, history } = workload
  const time = () => world.timers.time
  const reader = { cache: node.cache, source, history, wait: createWait(node, world), time }
  const records = chosen.map((item) => startRecord(workload, node, item, demand, isLast))
  try {
    const versions = await read(reader, chosen, optionsOf(demand))
    for (const [index, started] of records.entries()) started.version = versions[index]
  } catch (error) {
    for (const started of records) started.error = error
  }
  for (const started of records) started.endedAt = time()
}

function startRecord(
  { history, world }: Workload,
  { index, incarnation }: Node,
  item: number,
  demand: Demand,
  isLast: boolean,
): ReadRecord {
  const started: ReadRecord = {
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
  history.reads.push(started)
  return started
}

function optionsOf(demand: Demand) {
  if (demand === 'bounded') return {}
  return demand === 'strong' ? { consistency: 'strong' as const } : { after: demand.after.token }
}
