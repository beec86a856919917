import type { Policy } from './policy'

/** Yang, Zhang, Qiu, Yue, Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023. */
export const s3Fifo: Policy = (room) => {
  const smallRoom = Math.max(1, Math.floor(room / 10))
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
        if (main.size > room - smallRoom) evictMain()
        continue
      }
      uses.delete(key)
      remember(key)
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
  function remember(key: number): void {
    ghost.add(key)
    for (const oldest of ghost) {
      if (ghost.size <= room - smallRoom) return
      ghost.delete(oldest)
    }
  }
  return (key) => {
    const used = uses.get(key)
    if (used !== undefined) {
      uses.set(key, Math.min(3, used + 1))
      return true
    }
    if (small.size + main.size >= room) {
      if (small.size >= smallRoom) evictSmall()
      else evictMain()
    }
    if (ghost.delete(key)) main.add(key)
    else small.add(key)
    uses.set(key, 0)
    return false
  }
}
