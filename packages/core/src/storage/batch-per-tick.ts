import { runAfterTick } from '../real-scheduling'

/**
 * Batches all items added in one tick of the event loop, up to `maxSize` per batch, and dispatches them after the tick's
 * promise jobs (DataLoader's schedule). Many callers that need one key each share one round trip; a caller that is alone in
 * its tick waits only for the end of that tick.
 */
export function batchPerTick<T>(maxSize: number, dispatch: (batch: readonly T[]) => void): (item: T) => void {
  let batch: T[] = []

  function dispatchBatch(): void {
    const items = batch
    batch = []
    if (items.length > 0) dispatch(items)
  }

  return (item) => {
    if (batch.length === 0) runAfterTick(dispatchBatch)
    batch.push(item)
    if (batch.length === maxSize) dispatchBatch()
  }
}
