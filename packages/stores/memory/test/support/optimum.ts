/**
 * The hit ratio of who knows the future and keeps what is needed soonest: no policy has a higher one.
 * Belady, A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems Journal 1966.
 */
export function optimum(keys: readonly number[], room: number): number {
  const never = keys.length
  const nextUse = new Int32Array(keys.length)
  const coming = new Map<number, number>()
  for (let at = keys.length - 1; at >= 0; at -= 1) {
    nextUse[at] = coming.get(keys[at]!) ?? never + at
    coming.set(keys[at]!, at)
  }
  // Who is needed when: the moments are distinct, so a moment names its key.
  const kept = new Uint8Array(2 * keys.length)
  const latest = heap()
  let [size, hits] = [0, 0]
  for (let at = 0; at < keys.length; at += 1) {
    if (kept[at] === 1) hits += 1
    else size += 1
    kept[at] = 0
    kept[nextUse[at]!] = 1
    latest.push(nextUse[at]!)
    if (size <= room) continue
    kept[latest.pop()] = 0
    size -= 1
  }
  return hits / keys.length
}

/** Hands out the largest number first. */
function heap() {
  const items: number[] = []
  const swap = (a: number, b: number) => {
    const item = items[a]!
    items[a] = items[b]!
    items[b] = item
  }
  return {
    push(item: number): void {
      let at = items.push(item) - 1
      for (let up = (at - 1) >> 1; at > 0 && items[up]! < items[at]!; up = (at - 1) >> 1) {
        swap(at, up)
        at = up
      }
    },
    pop(): number {
      const top = items[0]!
      const end = items.pop()!
      if (items.length > 0) items[0] = end
      for (let at = 0, down = 1; down < items.length; down = 2 * at + 1) {
        if (down + 1 < items.length && items[down + 1]! > items[down]!) down += 1
        if (items[at]! >= items[down]!) break
        swap(at, down)
        at = down
      }
      return top
    },
  }
}
