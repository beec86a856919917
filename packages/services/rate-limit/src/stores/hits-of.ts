import type { Verdict } from '../verdict'

/** A verdict in the terms of libraries that compare a number of hits with their limit. */
export interface Hits {
  readonly total: number
  /** In ms: until the request would be admitted, or until nothing counts any more. */
  readonly endIn: number
}

/** The hits after a request: more than the limit exactly if it was refused. */
export function hitsAfter(verdict: Verdict, limit: number): Hits {
  if (!verdict.allowed) return { total: limit + 1, endIn: verdict.retryAfter }
  const { total, endIn } = hitsSoFar(verdict, limit)
  return { total: Math.max(1, total), endIn }
}

/** The hits that a verdict of `peek` knows of. */
export function hitsSoFar({ policies: [state] }: Verdict, limit: number): Hits {
  return { total: limit - (state?.remaining ?? limit), endIn: state?.resetIn ?? 0 }
}
