import type { Cache } from '@larder/core'
import type { ResponseCache } from '../serving/exchange'

/**
 * Whether no response under a key can be served again. One that only a shared store may hold counts as stored.
 */
export function hasEnded(responses: ResponseCache, key: string): boolean {
  const view = responses.peek(key)
  return view === undefined ? !responses.hasSharedTier : view.state === 'dead'
}

/** The number of response caches on each cache. */
const instances = new WeakMap<Cache, number>()

/**
 * The namespace for the responses of one more `httpCache` on `cache`. Each has its own: an application that is mounted
 * below a prefix may see its requests without it, so that two such applications see the same targets.
 */
export function openResponses(cache: Cache): ResponseCache {
  const ordinal = (instances.get(cache) ?? 0) + 1
  instances.set(cache, ordinal)
  return cache.namespace(ordinal === 1 ? 'http' : `http ${ordinal}`) as unknown as ResponseCache
}
