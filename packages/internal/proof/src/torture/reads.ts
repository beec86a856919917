import type { Cache, TagNames } from '@larder/core'
import type { Demand, ReadRecord } from '@larder/testing'
import { items, keyOf, softTag, tagOf } from './items'
import type { Assignment } from './messages'
import { sharedNow } from './shared-clock'

/** Reads items of the database through the cache of a process. */
interface ItemReader {
  readonly cache: Cache
  queryVersion(item: number): Promise<number>
}

/** A read of some items; resolves to their versions, in order. */
type Read = (reader: ItemReader, chosen: readonly number[], demand: object) => Promise<readonly number[]>

/** Half of the items get their tag as an option, the others inside the computation. */
const isTagKnownBefore = (item: number) => item % 2 === 0

function loadItem({ cache, queryVersion }: ItemReader, item: number, demand: object): Promise<number> {
  if (isTagKnownBefore(item))
    return cache.getOrCompute(keyOf(item), () => queryVersion(item), { ...demand, tags: [tagOf(item)] })
  const compute = async ({ tag }: { tag(...tags: TagNames[]): void }) => {
    const version = await queryVersion(item)
    tag(tagOf(item))
    return version
  }
  return cache.getOrCompute(keyOf(item), compute, demand)
}

const readOne: Read = async (reader, [item = 0], demand) => [await loadItem(reader, item, demand)]

/** One item, loaded by the caller itself between `begin` and `fill`. */
const readByFill: Read = async ({ cache, queryVersion }, [item = 0], demand) => {
  const beginning = await cache.begin<number>(keyOf(item), demand)
  if (beginning.hit) return [beginning.value]
  const version = await queryVersion(item)
  beginning.fill(version, { tags: [tagOf(item)] })
  return [version]
}

/** One value computed from the values of two items: the demand applies to the reads inside as well. */
const readComposite: Read = (reader, [first = 0, second = 0], demand) =>
  reader.cache.getOrCompute(
    `composite ${first} ${second}`,
    () => Promise.all([loadItem(reader, first, {}), loadItem(reader, second, {})]),
    { ...demand, tags: [softTag] },
  )

/** A value computed from an item and from a value that is computed from others. */
const readNested: Read = (reader, [first = 0, second = 0, third = 0], demand) =>
  reader.cache.getOrCompute(
    `nested ${first} ${second} ${third}`,
    async () => [await loadItem(reader, first, {}), ...(await readComposite(reader, [second, third], {}))],
    demand,
  )

/** Both items with one lookup and one computation of the missing ones. A row that got lost counts as older than every value. */
const readBatch: Read = async ({ cache, queryVersion }, batch, demand) => {
  const versions = await cache.getManyOrCompute<number>(
    batch.map(keyOf),
    (keys, { tag }) =>
      Promise.all(
        keys.map((key) => {
          const item = batch.find((candidate) => keyOf(candidate) === key) ?? 0
          tag(key, tagOf(item))
          return queryVersion(item)
        }),
      ),
    demand,
  )
  return versions.map((version) => version ?? -1)
}

/** A way to read so many items, for a random number from 0 to 1. */
function pickRead(draw: number): { readonly size: number; readonly read: Read } {
  if (draw < 0.5) return { size: 1, read: readOne }
  if (draw < 0.6) return { size: 1, read: readByFill }
  if (draw < 0.8) return { size: 2, read: readComposite }
  if (draw < 0.9) return { size: 3, read: readNested }
  return { size: 2, read: readBatch }
}

/** The reads of one process. All are recorded. */
export function createReads(reader: ItemReader, { node }: Assignment) {
  const records: ReadRecord[] = []

  async function recordRead(
    read: Read,
    chosen: readonly number[],
    demand: Demand,
    isLast = false,
  ): Promise<void> {
    const started = chosen.map((item) => startRecord(node, item, demand, isLast))
    records.push(...started)
    try {
      const versions = await read(reader, chosen, optionsOf(demand))
      for (const [index, record] of started.entries()) record.version = versions[index]
    } catch (error) {
      for (const record of started) record.error = String(error)
    }
    for (const record of started) record.endedAt = sharedNow()
  }

  return {
    records,

    /** Reads `first` and, depending on `draw` (0 to 1), the items after it. */
    readSome(draw: number, first: number, demand: Demand): Promise<void> {
      const { size, read } = pickRead(draw)
      const chosen = Array.from({ length: size }, (_, index) => (first + index) % items)
      return recordRead(read, chosen, demand)
    },

    /** Reads one item after the end of the workload. */
    readLast: (item: number): Promise<void> => recordRead(readOne, [item], 'bounded', true),
  }
}

function optionsOf(demand: Demand): object {
  if (demand === 'bounded') return {}
  return demand === 'strong' ? { consistency: 'strong' } : { after: demand.after.token }
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
