/**
 * The hit ratio of Belady's algorithm, which knows the future and evicts the key needed latest: no policy can exceed it.
 * Belady, A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems Journal 1966.
 */
export function optimalHitRatio(keys: readonly number[], capacity: number): number {
  const never = keys.length
  const nextUse = new Int32Array(keys.length)
  const nextUseOfKey = new Map<number, number>()
  for (let time = keys.length - 1; time >= 0; time -= 1) {
    nextUse[time] = nextUseOfKey.get(keys[time]!) ?? never + time
    nextUseOfKey.set(keys[time]!, time)
  }
  // Cached keys are identified by the time of their next use, which is unique.
  const isCached = new Uint8Array(2 * keys.length)
  const nextUses = createMaxHeap()
  let [size, hits] = [0, 0]
  for (let time = 0; time < keys.length; time += 1) {
    if (isCached[time] === 1) hits += 1
    else size += 1
    isCached[time] = 0
    isCached[nextUse[time]!] = 1
    nextUses.push(nextUse[time]!)
    if (size <= capacity) continue
    isCached[nextUses.pop()] = 0
    size -= 1
  }
  return hits / keys.length
}

/** A binary heap: `pop` removes the largest number. */
function createMaxHeap() {
  const items: number[] = []
  const swapItems = (a: number, b: number) => {
    const item = items[a]!
    items[a] = items[b]!
    items[b] = item
  }
  return {
    push(item: number): void {
      let child = items.push(item) - 1
      for (
        let parent = (child - 1) >> 1;
        child > 0 && items[parent]! < items[child]!;
        parent = (child - 1) >> 1
      ) {
        swapItems(child, parent)
        child = parent
      }
    },
    pop(): number {
      const top = items[0]!
      const end = items.pop()!
      if (items.length > 0) items[0] = end
      for (let parent = 0, child = 1; child < items.length; child = 2 * parent + 1) {
        if (child + 1 < items.length && items[child + 1]! > items[child]!) child += 1
        if (items[parent]! >= items[child]!) break
        swapItems(parent, child)
        parent = child
      }
      return top
    },
  }
}
