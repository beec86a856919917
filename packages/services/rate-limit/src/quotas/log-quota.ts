import type { Quota } from './quota'

/** Remembers the time of each admission: exact, in memory that grows with the limit. */
export function createLogQuota(window: number): Quota {
  let times: number[] = []
  const countEnded = (now: number) => {
    const first = times.findIndex((time) => time > now - window)
    return first === -1 ? times.length : first
  }
  const usedAt = (now: number) => times.length - countEnded(now)

  return {
    usedAt,
    waitFor(cost, limit, now) {
      const excess = usedAt(now) + cost - limit
      if (excess <= 0) return 0
      return (times[countEnded(now) + excess - 1] ?? now) + window - now
    },
    charge(cost, limit, now) {
      const added = Array.from({ length: cost }, () => now)
      // Refused requests may be charged as well: the newest ones decide.
      times = [...times.slice(countEnded(now)), ...added].slice(-limit)
    },
    refund(cost, now) {
      times = times.slice(countEnded(now) + cost)
    },
    endsAt: () => (times.at(-1) ?? -window) + window,
  }
}
