import type { Follower } from '../invalidation/follower'
import { bounded, type Demand } from './demand'

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
