const units: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]

/** A duration in ms for people: `12 ms`, `3.4 s`, `5 min`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'never'
  const size = Math.abs(ms)
  const [unitMs, unit] = units.find(([least]) => size >= least) ?? [1, 'ms']
  return `${short(ms / unitMs)} ${unit}`
}

/** An amount of memory for people: `1.5 MB`. */
export function bytes(count: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = count < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(count) / 10))
  return `${short(count / 1_024 ** step)} ${names[step]}`
}

/** A whole number in groups of three digits. */
export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** A share from 0 to 1. */
export function percent(share: number | undefined): string {
  return share === undefined ? 'none yet' : `${short(share * 100)} %`
}

/** The share of hits; undefined before the first look-up. */
export function shareOf(hits: number, misses: number): number | undefined {
  return hits + misses === 0 ? undefined : hits / (hits + misses)
}

/** With one decimal where it says something. */
function short(value: number): string {
  return Math.abs(value) < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value))
}
