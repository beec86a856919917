import type { Follower } from '../invalidation/follower'
import { parseToken } from '../invalidation/token'
import type { ReadOptions } from '../options'

/**
 * Establishes the consistency that the caller asked for. `false`: it cannot be established, so cached entries must not be
 * served. Synchronous if no round trip is needed.
 */
export function establishConsistency(
  cacheName: string,
  follower: Follower,
  options: ReadOptions | undefined,
): true | Promise<boolean> {
  if (options?.consistency === 'strong') return follower.catchUp()
  if (options?.after !== undefined) return follower.reachPosition(parseToken(cacheName, options.after))
  // Without proof of being current, entries older than `maxStaleness` are not fresh: the read itself may go on.
  return follower.isCurrent() || follower.ensureCurrent().then(() => true)
}
