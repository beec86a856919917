import { LRUCache } from 'lru-cache'
import type { Policy } from './policy'

/** The least recently used goes first. */
export const lru: Policy = (room) => {
  const keys = new LRUCache<number, true>({ max: room })
  return (key) => {
    if (keys.get(key)) return true
    keys.set(key, true)
    return false
  }
}
