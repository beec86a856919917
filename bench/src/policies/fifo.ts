import type { EvictionPolicy } from './policy'

/** First in, first out. */
export const fifoPolicy: EvictionPolicy = (capacity) => {
  const keys = new Set<number>()
  const order = new Int32Array(capacity).fill(-1)
  let next = 0
  return (key) => {
    if (keys.has(key)) return true
    keys.delete(order[next] ?? -1)
    order[next] = key
    keys.add(key)
    next = (next + 1) % capacity
    return false
  }
}
