/** A whole number with thin groups: 12 345. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
}

/** A time given in ms: `83.1 µs`, `4.20 ms`, `120 ms`. */
export function formatDuration(ms: number): string {
  return ms < 0.1 ? `${(ms * 1_000).toFixed(1)} µs` : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`
}

/** A share of 1 as a percentage with one decimal. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
