import type { Follower } from '../invalidation/follower'
import { parseToken } from '../invalidation/token'
import type { ReadOptions } from '../options'

/**
 * The consistency that a read demands, as the position in the log that it must reflect: `Infinity` for everything
 * acknowledged before the read, and 0 for no more than the cache's own bound.
 */
export type Demand = number

/** No more than the cache's own bound on staleness. */
export const bounded: Demand = 0

/** The demand of a call. @throws LarderError `BAD_TOKEN`. */
export function demandOf(cacheName: string, options: ReadOptions | undefined): Demand {
  if (options?.consistency === 'strong') return Number.POSITIVE_INFINITY
  return options?.after === undefined ? bounded : parseToken(cacheName, options.after)
}

/** The demand that meets both: everything acknowledged includes each token's write. */
export function stricterOf(one: Demand, other: Demand): Demand {
  return Math.max(one, other)
}

/**
 * Establishes the consistency that a read demands. `false`: it cannot be established, so cached entries must not be served.
 * Synchronous if no round trip is needed.
 */
export function establishConsistency(follower: Follower, demand: Demand): true | Promise<boolean> {
  if (demand === Number.POSITIVE_INFINITY) return follower.catchUp()
  if (demand !== bounded) return follower.reachPosition(demand)
  // Without proof of being current, entries older than `maxStaleness` are not fresh: the read itself may go on.
  return follower.isCurrent() || follower.ensureCurrent().then(() => true)
}
