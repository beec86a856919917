import type { MaybePromise } from './maybe-promise'
import { yieldToEventLoop } from './real-scheduling'

/** Items that are worked on without a pause: a few ms of the event loop. */
const sliceSize = 1_000

/**
 * Maps a list of any length without holding up the event loop: other work has its turn after each thousand items. A
 * list of up to a thousand items is mapped at once.
 */
export function mapInSlices<T, R>(items: readonly T[], convert: (item: T) => R): MaybePromise<readonly R[]> {
  return mapSlices(items, (slice) => slice.map(convert))
}

/** Like {@link mapInSlices}, for a function that takes each slice as a whole. */
export function mapSlices<T, R>(
  items: readonly T[],
  convert: (slice: readonly T[]) => readonly R[],
): MaybePromise<readonly R[]> {
  return items.length <= sliceSize ? convert(items) : mapWithPauses(items, convert)
}

async function mapWithPauses<T, R>(
  items: readonly T[],
  convert: (slice: readonly T[]) => readonly R[],
): Promise<readonly R[]> {
  const results: R[] = []
  for (const slice of chunksOf(items, sliceSize)) {
    if (results.length > 0) await yieldToEventLoop()
    results.push(...convert(slice))
  }
  return results
}

/** The items in their order, in chunks of at most `size`. */
export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  const length = Math.ceil(items.length / size)
  return Array.from({ length }, (_, index) => items.slice(index * size, (index + 1) * size))
}
