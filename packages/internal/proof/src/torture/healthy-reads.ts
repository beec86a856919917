import type { ReadRecord } from '@larder/testing'
import { stalledTime } from './event-loop-watch'
import type { Period } from './shared-clock'

/** The time after a fault in which connections are made again and circuits close, in ms. */
const settlingTime = 1_000
/** Reads that take less than this are not looked at, in ms. */
const shortRead = 100

/** Faults and stalls beside the reads. */
interface Surroundings {
  /** When a fault of the servers lasted. */
  readonly outages: readonly Period[]
  /** When the event loop of each process did not run. */
  readonly stalls: readonly (readonly Period[])[]
  /** The same of the parent, which plays the database. */
  readonly databaseStalls: readonly Period[]
}

/**
 * The longest time that a read took while the servers were healthy, in ms. The time in which the event loop of its process or of
 * the database did not run does not count.
 */
export function longestHealthyRead(
  reads: readonly ReadRecord[],
  { outages, stalls, databaseStalls }: Surroundings,
): number {
  const unhealthy = outages.map(({ from, to }) => ({ from, to: to + settlingTime }))
  let longest = 0
  for (const { node, startedAt, endedAt = startedAt } of reads) {
    const read = { from: startedAt, to: endedAt }
    if (
      endedAt - startedAt < Math.max(longest, shortRead) ||
      unhealthy.some((outage) => overlap(outage, read))
    )
      continue
    const stalled = stalledTime(read, [...(stalls[node] ?? []), ...databaseStalls])
    longest = Math.max(longest, endedAt - startedAt - stalled)
  }
  return longest
}

const overlap = (a: Period, b: Period) => a.from < b.to && b.from < a.to
