import { LRUCache } from 'lru-cache'
import type { EvictionPolicy } from './policy'

/** Evicts the least recently used key. */
export const lruPolicy: EvictionPolicy = (capacity) => {
  const keys = new LRUCache<number, true>({ max: capacity })
  return (key) => {
    if (keys.get(key)) return true
    keys.set(key, true)
    return false
  }
}
