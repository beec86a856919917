/** The most admissions in any window of this length, of times in order. A window includes its end, not its beginning. */
export function mostInWindow(times: readonly number[], window: number): number {
  let most = 0
  let first = 0
  times.forEach((time, index) => {
    while ((times[first] ?? time) <= time - window) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}
