import { LRUCache } from 'lru-cache'
import type { BenchCache, Setup } from '../library'

/** Bare lru-cache and a resolved promise: no expiry, and the values are shared. */
export async function openCache({ capacity, computeOf }: Setup): Promise<BenchCache> {
  const values = new LRUCache<string, object>({ max: capacity })
  return {
    read(key) {
      const value = values.get(key)
      if (value !== undefined) return Promise.resolve(value)
      const computed = computeOf(key)() as object
      values.set(key, computed)
      return Promise.resolve(computed)
    },
    close: async () => undefined,
  }
}
