const compactNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 1, notation: 'compact' })

export const formatCount = (value: number) => compactNumber.format(value)

/** How often something happened: `once`, `12 times`. */
export const formatTimes = (count: number) => (count === 1 ? 'once' : `${formatCount(count)} times`)

/** One decimal near 0 % and 100 %, where it matters. */
export const formatPercent = (share: number) =>
  `${(share * 100).toFixed(share > 0.995 || share < 0.1 ? 1 : 0)} %`

export function formatBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10))
  const amount = value / 1024 ** power
  return `${amount.toFixed(power === 0 || amount >= 100 ? 0 : 1)} ${units[power]}`
}

/** Formats a duration in ms. JSON has `null` for infinity. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return 'never'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** In the time zone of the browser; with the date, unless it is today. */
export function formatTime(at: string | number): string {
  const moment = new Date(at)
  const isToday = moment.toDateString() === new Date().toDateString()
  return (isToday ? timeOfDay : dateAndTime).format(moment)
}
