import { growTypedArray } from './grow-typed-array'

/** The segments of W-TinyLFU: the window, and the two segments of the main space (a segmented LRU). */
export const windowSegment = 0
export const probationSegment = 1
export const protectedSegment = 2
export type Segment = typeof windowSegment | typeof probationSegment | typeof protectedSegment

/** Nodes 0 to 2 are the sentinels of the three circular lists, so no link is ever missing. Slots follow them. */
const sentinelCount = 3

/** One doubly linked list of slots per segment, most recent first. In typed arrays: moving a slot allocates nothing. */
export function createSegmentLists() {
  let after = Int32Array.of(0, 1, 2)
  let before = Int32Array.of(0, 1, 2)
  let segments = new Uint8Array(sentinelCount)
  const counts = [0, 0, 0]
  const bytes = [0, 0, 0]

  const segmentOf = (slot: number) => segments[slot + sentinelCount] as Segment
  const countOf = (segment: Segment) => counts[segment] as number
  const bytesOf = (segment: Segment) => bytes[segment] as number

  function growArrays(): void {
    after = growTypedArray(after)
    before = growTypedArray(before)
    segments = growTypedArray(segments)
  }

  return {
    segmentOf,
    countOf,
    bytesOf,

    /** Adds a slot at the most recent end of a segment. */
    addFirst(slot: number, segment: Segment, size: number): void {
      const node = slot + sentinelCount
      if (node >= segments.length) growArrays()
      const first = after[segment] as number
      segments[node] = segment
      after[segment] = node
      before[node] = segment
      after[node] = first
      before[first] = node
      counts[segment] = countOf(segment) + 1
      bytes[segment] = bytesOf(segment) + size
    },

    removeSlot(slot: number, size: number): void {
      const segment = segmentOf(slot)
      const next = after[slot + sentinelCount] as number
      const previous = before[slot + sentinelCount] as number
      after[previous] = next
      before[next] = previous
      counts[segment] = countOf(segment) - 1
      bytes[segment] = bytesOf(segment) - size
    },

    /** The least recent slot of a segment. The segment must not be empty. */
    lastOf: (segment: Segment) => (before[segment] as number) - sentinelCount,
  }
}
