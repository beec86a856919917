import type { Quota } from './quota'

/** Weights the count of the last window by the share of it that a window ending now would cover. */
export function createCounterQuota(window: number): Quota {
  let index = 0
  let current = 0
  let previous = 0

  /** The counts as of `now`, and the time since the window began. */
  function countsAt(now: number) {
    const passed = Math.floor(now / window) - index
    const elapsed = now % window
    if (passed <= 0) return { current, previous, elapsed }
    return { current: 0, previous: passed === 1 ? current : 0, elapsed }
  }

  function usedAt(now: number): number {
    const counts = countsAt(now)
    return counts.current + counts.previous * (1 - counts.elapsed / window)
  }

  return {
    usedAt,
    waitFor(cost, limit, now) {
      if (usedAt(now) + cost <= limit) return 0
      const counts = countsAt(now)
      const free = limit - cost - counts.current
      if (free >= 0) return Math.ceil(window * (1 - free / counts.previous) - counts.elapsed)
      return Math.ceil(window * (2 - (limit - cost) / counts.current) - counts.elapsed)
    },
    charge(cost, _, now) {
      const counts = countsAt(now)
      index = Math.max(index, Math.floor(now / window))
      current = counts.current + cost
      previous = counts.previous
    },
    refund(cost, now) {
      const counts = countsAt(now)
      index = Math.max(index, Math.floor(now / window))
      previous = Math.max(0, counts.previous - cost)
      current = Math.max(0, counts.current - Math.max(0, cost - counts.previous))
    },
    endsAt() {
      if (current > 0) return (index + 2) * window
      return previous > 0 ? (index + 1) * window : 0
    },
  }
}
