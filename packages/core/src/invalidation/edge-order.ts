import type { Invalidation } from '../contracts/log'
import { isLinkChange } from './tag-graph'

/**
 * Delivers the changes of one edge of the tag graph one after the other, in the order they were made: a removal that waits for
 * the log must not be appended after the link that was made since. Changes of different edges do not wait for each other.
 */
export function createEdgeOrder() {
  const latest = new Map<string, Promise<unknown>>()

  return {
    /** Calls `deliver`, which must not reject, once the earlier changes of the same edges are delivered or queued. */
    deliverInOrder<T>(invalidations: readonly Invalidation[], deliver: () => Promise<T>): Promise<T> {
      const edges = edgesOf(invalidations)
      if (edges.length === 0) return deliver()
      const earlier = edges.flatMap((edge) => latest.get(edge) ?? [])
      const delivery = earlier.length === 0 ? deliver() : Promise.all(earlier).then(deliver)
      for (const edge of edges) latest.set(edge, delivery)
      void delivery.then(() => {
        for (const edge of edges) if (latest.get(edge) === delivery) latest.delete(edge)
      })
      return delivery
    },
  }
}

const edgesOf = (invalidations: readonly Invalidation[]) =>
  invalidations.filter(isLinkChange).map(({ name }) => name)
