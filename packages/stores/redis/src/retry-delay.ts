/** The wait before the attempt to connect with this number, counted from 1, in ms: up to 500, with jitter. */
export function retryDelayOf(attempt: number): number {
  return Math.min(500, 25 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2)
}
