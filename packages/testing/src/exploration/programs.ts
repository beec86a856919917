import { linkedTag, tagOf } from '../simulation/items'
import type { MeansName } from '../simulation/means'
import { readItem } from '../simulation/reads'
import type { Workload } from '../simulation/workload'
import type { Node } from '../simulation/world'
import { writeItem } from '../simulation/writes'

/** A step of a program: something that one process does with one item. */
export type Step = (workload: Workload, node: Node) => Promise<unknown>

/** An item that has its tags and a link, and one that is invalidated by its key. */
const [taggedItem, keyedItem] = [0, 1]

const read =
  (item: number): Step =>
  (workload, node) =>
    readItem(workload, node, item, 'bounded')

const readStrong =
  (item: number): Step =>
  (workload, node) =>
    readItem(workload, node, item, 'strong')

/** Reads with the token of the latest write, wherever that was made. */
const readAfter =
  (item: number): Step =>
  (workload, node) => {
    const after = workload.history.writes.findLast(
      (write) => write.item === item && write.token !== undefined,
    )
    return readItem(workload, node, item, after === undefined ? 'bounded' : { after })
  }

const write =
  (item: number, means: MeansName): Step =>
  (workload, node) =>
    writeItem(workload, node, item, means)

const link: Step = (_, { cache }) => cache.link(tagOf(taggedItem), linkedTag)

const tagReader = [read(taggedItem), write(taggedItem, 'tag'), read(taggedItem), readStrong(taggedItem)]
const linker = [link, read(taggedItem), write(taggedItem, 'link'), readAfter(taggedItem)]
const keyWriter = [read(keyedItem), write(keyedItem, 'key'), read(keyedItem), readStrong(keyedItem)]
const clearer = [
  read(keyedItem),
  write(keyedItem, 'transaction in doubt'),
  write(keyedItem, 'clear'),
  readAfter(keyedItem),
]

/** The steps of both processes. A fault that strikes one process strikes the first. */
export const programs = {
  tags: [tagReader, linker],
  links: [linker, tagReader],
  keys: [keyWriter, clearer],
  clears: [clearer, keyWriter],
} as const satisfies Record<string, readonly [readonly Step[], readonly Step[]]>

export type ProgramName = keyof typeof programs

export const programNames = Object.keys(programs) as readonly ProgramName[]

/** The items that the programs write. */
export const writtenItems: readonly number[] = [taggedItem, keyedItem]
