/**
 * The share of hits that no policy can exceed: evicts what is asked for again the latest, which takes knowing the future.
 * Belady: A study of replacement algorithms for a virtual-storage computer, 1966.
 */
export function optimum(trace: Int32Array, room: number): number {
  const next = nextUses(trace)
  const held = new Map<number, number>()
  const farthest = maxHeap()
  let hits = 0
  for (let at = 0; at < trace.length; at += 1) {
    const key = trace[at] ?? 0
    const use = next[at] ?? trace.length
    if (held.has(key)) hits += 1
    held.set(key, use)
    farthest.push(use, key)
    while (held.size > room) {
      const latest = farthest.pop()
      // What was asked for since has another entry in the heap.
      if (latest !== undefined && held.get(latest.key) === latest.use) held.delete(latest.key)
    }
  }
  return hits / trace.length
}

/** When the key at each place is asked for again; beyond the end, each at a time of its own, if never. */
function nextUses(trace: Int32Array): Float64Array {
  const next = new Float64Array(trace.length)
  const last = new Map<number, number>()
  for (let at = trace.length - 1; at >= 0; at -= 1) {
    const key = trace[at] ?? 0
    next[at] = last.get(key) ?? trace.length + at
    last.set(key, at)
  }
  return next
}

interface Use {
  readonly use: number
  readonly key: number
}

function maxHeap() {
  const items: Use[] = []
  const use = (at: number) => items[at]?.use ?? -1
  function swap(a: number, b: number): void {
    const [first, second] = [items[a], items[b]]
    if (first === undefined || second === undefined) return
    items[a] = second
    items[b] = first
  }
  return {
    push(when: number, key: number): void {
      let at = items.push({ use: when, key }) - 1
      for (let parent = (at - 1) >> 1; at > 0 && use(parent) < use(at); parent = (at - 1) >> 1) {
        swap(at, parent)
        at = parent
      }
    },
    pop(): Use | undefined {
      swap(0, items.length - 1)
      const top = items.pop()
      for (let at = 0; ; ) {
        const child = use(2 * at + 1) >= use(2 * at + 2) ? 2 * at + 1 : 2 * at + 2
        if (use(child) <= use(at)) return top
        swap(at, child)
        at = child
      }
    },
  }
}
