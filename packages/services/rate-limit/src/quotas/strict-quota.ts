import type { Quota } from './quota'

/** Parts of a window. More of them admit more of the limit in bursts, and need more memory. */
export const partsPerWindow = 60

/**
 * Counts in parts of the window, the oldest of them as a whole, so that no window of the length, wherever it begins, holds
 * more than the limit.
 */
export function createStrictQuota(window: number): Quota {
  const width = Math.ceil(window / partsPerWindow)
  const costByPart = new Map<number, number>()
  const partOf = (now: number) => Math.floor(now / width)
  const endOf = (part: number) => (part + partsPerWindow + 1) * width
  const partsInOrder = () => [...costByPart].sort(([a], [b]) => a - b)

  function dropEnded(now: number): void {
    for (const part of costByPart.keys()) if (endOf(part) <= now) costByPart.delete(part)
  }

  function usedAt(now: number): number {
    const oldest = partOf(now) - partsPerWindow
    let used = 0
    for (const [part, cost] of costByPart) if (part >= oldest) used += cost
    return used
  }

  return {
    usedAt,
    waitFor(cost, limit, now) {
      let excess = usedAt(now) + cost - limit
      if (excess <= 0) return 0
      for (const [part, charged] of partsInOrder()) {
        if (endOf(part) <= now) continue
        excess -= charged
        if (excess <= 0) return endOf(part) - now
      }
      return window
    },
    charge(cost, _, now) {
      dropEnded(now)
      costByPart.set(partOf(now), (costByPart.get(partOf(now)) ?? 0) + cost)
    },
    refund(cost, now) {
      dropEnded(now)
      let rest = cost
      for (const [part, charged] of partsInOrder()) {
        const taken = Math.min(charged, rest)
        rest -= taken
        if (taken === charged) costByPart.delete(part)
        else costByPart.set(part, charged - taken)
      }
    },
    endsAt: () => (costByPart.size === 0 ? 0 : endOf(Math.max(...costByPart.keys()))),
  }
}
