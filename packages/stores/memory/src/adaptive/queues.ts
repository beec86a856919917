import { grown } from './grown'

/** The parts of the room, each a queue, latest first: the window, and the two segments of the main part. */
export const newcomers = 0
export const probation = 1
export const established = 2
export type Queue = typeof newcomers | typeof probation | typeof established

/** Before the slots come the queues themselves: each closes its own ring, so no link is ever missing. */
const queues = 3

/** Doubly linked queues of slots, in arrays: moving a slot allocates nothing. */
export function createQueues() {
  let after = Int32Array.of(0, 1, 2)
  let before = Int32Array.of(0, 1, 2)
  let homes = new Uint8Array(queues)
  const counts = [0, 0, 0]
  const bytes = [0, 0, 0]

  const queueOf = (slot: number) => homes[slot + queues] as Queue
  const countOf = (queue: Queue) => counts[queue] as number
  const bytesOf = (queue: Queue) => bytes[queue] as number

  function grow(): void {
    after = grown(after)
    before = grown(before)
    homes = grown(homes)
  }

  return {
    queueOf,
    countOf,
    bytesOf,

    /** Puts a slot before all others of a queue. */
    add(slot: number, queue: Queue, size: number): void {
      const at = slot + queues
      if (at >= homes.length) grow()
      const first = after[queue] as number
      homes[at] = queue
      after[queue] = at
      before[at] = queue
      after[at] = first
      before[first] = at
      counts[queue] = countOf(queue) + 1
      bytes[queue] = bytesOf(queue) + size
    },

    remove(slot: number, size: number): void {
      const queue = queueOf(slot)
      const next = after[slot + queues] as number
      const previous = before[slot + queues] as number
      after[previous] = next
      before[next] = previous
      counts[queue] = countOf(queue) - 1
      bytes[queue] = bytesOf(queue) - size
    },

    /** The slot that waited longest; only for a queue that has one. */
    last: (queue: Queue) => (before[queue] as number) - queues,
  }
}

export type Queues = ReturnType<typeof createQueues>
