import type { ResponseHints } from '../contracts/handler'
import type { RouteTable } from '../routes/route-table'
import { pathOf } from '../storage/target'
import type { HitForMiss } from './hit-for-miss'

/** As much of a request as decides whether the cache has a part in it. */
export interface RequestSummary {
  readonly method: string
  /** Path and query, before a router strips a prefix. */
  readonly target: string
  /** The field `Cache-Control`. */
  readonly cacheControl: string | null | undefined
}

/** Dependencies of {@link createBypassFinder}. */
interface BypassFinderOptions {
  readonly routes: RouteTable
  readonly hitForMiss: HitForMiss
  /** For the handler of a request that bypasses the cache. */
  readonly hints: ResponseHints
}

/**
 * Finds the requests that bypass the cache whatever else they say, so that they are neither described nor observed. Costs
 * a match of the path against the routes.
 */
export function createBypassFinder({ routes, hitForMiss, hints }: BypassFinderOptions) {
  return ({ method, target, cacheControl }: RequestSummary): ResponseHints | undefined => {
    const { route, rule } = routes.matchRoute(method, pathOf(target))
    if (rule === undefined) return hints
    if (method !== 'GET' && method !== 'HEAD') return undefined
    // Such a request gets no response from the handler (RFC 9111 §5.2.1.7).
    if (cacheControl?.includes('only-if-cached')) return undefined
    return hitForMiss.skipsNext(route) ? hints : undefined
  }
}
