import { type BenchCache, type Setup, ttl } from '../library'
import { cacheOf } from './larder'

/** Larder's cache, read through a wrapped function. */
export async function openCache(setup: Setup): Promise<BenchCache> {
  const cache = cacheOf(setup)
  const read = cache.wrap(async (key: string) => setup.computeOf(key)(), {
    name: 'load',
    tags: setup.tags,
    ttl,
  })
  return {
    read,
    invalidate: (tag) => cache.invalidate(tag),
    close: () => cache.close(),
  }
}
