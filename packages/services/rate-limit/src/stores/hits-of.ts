import type { Verdict } from '../verdict'

/** A verdict in the terms of libraries that compare a number of hits with their limit. */
export interface Hits {
  /** More than the limit exactly if the request was refused. */
  readonly total: number
  /** In ms: until the request would be admitted, or until nothing counts any more. */
  readonly endIn: number
}

export function hitsOf({ allowed, policies: [state], retryAfter }: Verdict, limit: number): Hits {
  if (!allowed) return { total: limit + 1, endIn: retryAfter }
  return { total: Math.max(1, limit - (state?.remaining ?? limit)), endIn: state?.resetIn ?? 0 }
}
