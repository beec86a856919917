/** Formats a number with three significant digits. */
export function formatNumber(value: number | null | undefined): string {
  if (value == null || Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return '∞'
  if (Math.abs(value) >= 1_000_000) return `${(value / 1_000_000).toFixed(2)}M`
  if (Math.abs(value) >= 10_000) return `${(value / 1_000).toFixed(1)}k`
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return String(Math.round(value))
  return value.toPrecision(3)
}
