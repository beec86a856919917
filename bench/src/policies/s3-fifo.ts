import type { EvictionPolicy } from './policy'

/** Yang, Zhang, Qiu, Yue, Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023. */
export const s3FifoPolicy: EvictionPolicy = (capacity) => {
  const smallCapacity = Math.max(1, Math.floor(capacity / 10))
  const small = new Set<number>()
  const main = new Set<number>()
  const ghost = new Set<number>()
  const uses = new Map<number, number>()

  function evictSmall(): void {
    for (const key of small) {
      small.delete(key)
      if ((uses.get(key) ?? 0) > 1) {
        uses.set(key, 0)
        main.add(key)
        if (main.size > capacity - smallCapacity) evictMain()
        continue
      }
      uses.delete(key)
      addGhost(key)
      return
    }
  }
  function evictMain(): void {
    for (const key of main) {
      main.delete(key)
      const used = uses.get(key) ?? 0
      if (used === 0) return void uses.delete(key)
      uses.set(key, used - 1)
      main.add(key)
    }
  }
  function addGhost(key: number): void {
    ghost.add(key)
    for (const oldest of ghost) {
      if (ghost.size <= capacity - smallCapacity) return
      ghost.delete(oldest)
    }
  }
  return (key) => {
    const used = uses.get(key)
    if (used !== undefined) {
      uses.set(key, Math.min(3, used + 1))
      return true
    }
    if (small.size + main.size >= capacity) {
      if (small.size >= smallCapacity) evictSmall()
      else evictMain()
    }
    if (ghost.delete(key)) main.add(key)
    else small.add(key)
    uses.set(key, 0)
    return false
  }
}
