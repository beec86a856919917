import type { Policy } from './policy'

/** How often keys were asked for, of late: exact, where a cache would estimate. */
function frequencies(room: number) {
  let counts = new Map<number, number>()
  let asked = 0
  return {
    of: (key: number) => counts.get(key) ?? 0,
    add(key: number) {
      counts.set(key, Math.min(15, (counts.get(key) ?? 0) + 1))
      asked += 1
      if (asked < room * 10) return
      asked = 0
      counts = new Map(
        Array.from(counts, ([key, count]) => [key, count >> 1] as const).filter(([, n]) => n > 0),
      )
    },
  }
}

/** Einziger, Friedman, Manes: TinyLFU, a Highly Efficient Cache Admission Policy, 2017; with a window of 1 %. */
export const wTinyLfu: Policy = (room) => {
  const windowRoom = Math.max(1, Math.floor(room / 100))
  const protectedRoom = Math.floor((room - windowRoom) * 0.8)
  const window = new Set<number>()
  const probation = new Set<number>()
  const safe = new Set<number>()
  const frequency = frequencies(room)

  function admit(candidate: number): void {
    probation.add(candidate)
    if (window.size + probation.size + safe.size <= room) return
    const victim = first(probation)
    probation.delete(frequency.of(candidate) > frequency.of(victim) ? victim : candidate)
  }
  function protect(key: number): void {
    safe.add(key)
    if (safe.size <= protectedRoom) return
    const demoted = first(safe)
    safe.delete(demoted)
    probation.add(demoted)
  }
  return (key) => {
    frequency.add(key)
    for (const part of [window, safe]) {
      if (!part.delete(key)) continue
      part.add(key)
      return true
    }
    if (probation.delete(key)) {
      protect(key)
      return true
    }
    window.add(key)
    if (window.size <= windowRoom) return false
    const candidate = first(window)
    window.delete(candidate)
    admit(candidate)
    return false
  }
}

/** The one that was put there first. */
function first(keys: ReadonlySet<number>): number {
  return keys.values().next().value ?? -1
}
