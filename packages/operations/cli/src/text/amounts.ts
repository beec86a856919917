const units: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]

/** Formats a duration given in ms: `12 ms`, `3.4 s`, `5 min`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'never'
  const size = Math.abs(ms)
  const [unitMs, unit] = units.find(([min]) => size >= min) ?? [1, 'ms']
  return `${formatShort(ms / unitMs)} ${unit}`
}

/** Formats an amount of memory: `1.5 MB`. */
export function formatBytes(count: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = count < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(count) / 10))
  return `${formatShort(count / 1_024 ** power)} ${names[power]}`
}

/** Formats an integer in groups of three digits. */
export function formatInteger(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** Formats a number of things with their name: `1 tag`, `1 204 tags`. Without a plural of its own, a name gets an s. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatInteger(count)} ${count === 1 ? one : many}`
}

/** Formats a ratio from 0 to 1; undefined if there is no measurement yet. */
export function formatPercent(ratio: number | undefined): string {
  return ratio === undefined ? 'none yet' : `${formatShort(ratio * 100)} %`
}

/** The share of hits; undefined before the first lookup. */
export function hitRatioOf(hits: number, misses: number): number | undefined {
  return hits + misses === 0 ? undefined : hits / (hits + misses)
}

/** One decimal below 10, none above. */
function formatShort(value: number): string {
  return Math.abs(value) < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value))
}
