import type { EvictionPolicy } from './policy'

/** Recent access frequencies: exact counters, halved periodically as TinyLFU's reset does; a cache would use a sketch. */
function createFrequencies(capacity: number) {
  let counts = new Map<number, number>()
  let requests = 0
  return {
    of: (key: number) => counts.get(key) ?? 0,
    add(key: number) {
      counts.set(key, Math.min(15, (counts.get(key) ?? 0) + 1))
      requests += 1
      if (requests < capacity * 10) return
      requests = 0
      counts = new Map(
        Array.from(counts, ([key, count]) => [key, count >> 1] as const).filter(([, n]) => n > 0),
      )
    },
  }
}

/** Einziger, Friedman, Manes: TinyLFU, a Highly Efficient Cache Admission Policy, 2017; with a window of 1 %. */
export const wTinyLfuPolicy: EvictionPolicy = (capacity) => {
  const windowCapacity = Math.max(1, Math.floor(capacity / 100))
  const protectedCapacity = Math.floor((capacity - windowCapacity) * 0.8)
  const window = new Set<number>()
  const probation = new Set<number>()
  const protectedKeys = new Set<number>()
  const frequency = createFrequencies(capacity)

  function admitCandidate(candidate: number): void {
    probation.add(candidate)
    if (window.size + probation.size + protectedKeys.size <= capacity) return
    const victim = oldestOf(probation)
    probation.delete(frequency.of(candidate) > frequency.of(victim) ? victim : candidate)
  }
  function promoteKey(key: number): void {
    protectedKeys.add(key)
    if (protectedKeys.size <= protectedCapacity) return
    const demoted = oldestOf(protectedKeys)
    protectedKeys.delete(demoted)
    probation.add(demoted)
  }
  return (key) => {
    frequency.add(key)
    for (const part of [window, protectedKeys]) {
      if (!part.delete(key)) continue
      part.add(key)
      return true
    }
    if (probation.delete(key)) {
      promoteKey(key)
      return true
    }
    window.add(key)
    if (window.size <= windowCapacity) return false
    const candidate = oldestOf(window)
    window.delete(candidate)
    admitCandidate(candidate)
    return false
  }
}

/** The key that was inserted first. */
function oldestOf(keys: ReadonlySet<number>): number {
  return keys.values().next().value ?? -1
}
