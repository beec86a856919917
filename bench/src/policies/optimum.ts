/**
 * The highest hit ratio that any policy can reach: evicts the key whose next use is farthest in the future.
 * Belady: A study of replacement algorithms for a virtual-storage computer, 1966.
 */
export function optimalHitRatio(trace: Int32Array, capacity: number): number {
  const next = nextUses(trace)
  const held = new Map<number, number>()
  const farthest = createMaxHeap()
  let hits = 0
  for (let index = 0; index < trace.length; index += 1) {
    const key = trace[index] ?? 0
    const useOf = next[index] ?? trace.length
    if (held.has(key)) hits += 1
    held.set(key, useOf)
    farthest.push(useOf, key)
    while (held.size > capacity) {
      const latest = farthest.pop()
      // Skip outdated heap entries: a key used again has a later one.
      if (latest !== undefined && held.get(latest.key) === latest.useOf) held.delete(latest.key)
    }
  }
  return hits / trace.length
}

/** The index of the next use of each key of the trace; a unique index beyond the end if there is none. */
function nextUses(trace: Int32Array): Float64Array {
  const next = new Float64Array(trace.length)
  const last = new Map<number, number>()
  for (let index = trace.length - 1; index >= 0; index -= 1) {
    const key = trace[index] ?? 0
    next[index] = last.get(key) ?? trace.length + index
    last.set(key, index)
  }
  return next
}

interface Use {
  readonly useOf: number
  readonly key: number
}

function createMaxHeap() {
  const items: Use[] = []
  const useOf = (index: number) => items[index]?.useOf ?? -1
  function swapItems(a: number, b: number): void {
    const [first, second] = [items[a], items[b]]
    if (first === undefined || second === undefined) return
    items[a] = second
    items[b] = first
  }
  return {
    push(nextUse: number, key: number): void {
      let index = items.push({ useOf: nextUse, key }) - 1
      for (
        let parent = (index - 1) >> 1;
        index > 0 && useOf(parent) < useOf(index);
        parent = (index - 1) >> 1
      ) {
        swapItems(index, parent)
        index = parent
      }
    },
    pop(): Use | undefined {
      swapItems(0, items.length - 1)
      const top = items.pop()
      for (let index = 0; ; ) {
        const child = useOf(2 * index + 1) >= useOf(2 * index + 2) ? 2 * index + 1 : 2 * index + 2
        if (useOf(child) <= useOf(index)) return top
        swapItems(index, child)
        index = child
      }
    },
  }
}
