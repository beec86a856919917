/** The quota of one identity under one policy, counted in this process. Times in µs. */
export interface Quota {
  /** The cost that counts at `now`. */
  usedAt(now: number): number
  /** How long a cost has to wait at `now` until it is within the limit. */
  waitFor(cost: number, limit: number, now: number): number
  charge(cost: number, limit: number, now: number): void
  /** Takes a cost back from what was charged first and still counts. */
  refund(cost: number, now: number): void
  /** When nothing counts any more. */
  endsAt(): number
}
