const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const time = '(\\d{2}):(\\d{2}):(\\d{2})'

/** IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT` */
const fixdate = new RegExp(`^[a-z]{3}, (\\d{2}) ([a-z]{3}) (\\d{4}) ${time} GMT$`, 'i')
/** RFC 850: `Sunday, 06-Nov-94 08:49:37 GMT` */
const rfc850 = new RegExp(`^[a-z]{6,9}, (\\d{2})-([a-z]{3})-(\\d{2}) ${time} GMT$`, 'i')
/** asctime(): `Sun Nov  6 08:49:37 1994` */
const asctime = new RegExp(`^[a-z]{3} ([a-z]{3}) ([ \\d]\\d) ${time} (\\d{4})$`, 'i')

/** Parses the three date forms of RFC 9110 §5.6.7 to ms since the epoch; undefined for anything else. */
export function parseHttpDate(text: string, now = Date.now()): number | undefined {
  const standard = fixdate.exec(text)
  if (standard !== null) {
    const [, day, month, year, ...clock] = standard
    return toTimestamp(Number(year), month, day, clock)
  }
  const old = rfc850.exec(text)
  if (old !== null) {
    const [, day, month, year, ...clock] = old
    return toTimestamp(fullYear(Number(year), now), month, day, clock)
  }
  const oldest = asctime.exec(text)
  if (oldest === null) return undefined
  const [, month, day, hours, minutes, seconds, year] = oldest
  return toTimestamp(Number(year), month, day, [hours, minutes, seconds])
}

/** The preferred form, `Sun, 06 Nov 1994 08:49:37 GMT`, of a time in ms since the epoch. */
export function formatHttpDate(timestamp: number): string {
  return new Date(timestamp).toUTCString()
}

/** A two-digit year that would be more than 50 years in the future is in the past (RFC 9110 §5.6.7). */
function fullYear(digits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + digits
  return year > thisYear + 50 ? year - 100 : year
}

function toTimestamp(
  year: number,
  month: string | undefined,
  day: string | undefined,
  clock: readonly (string | undefined)[],
): number | undefined {
  const monthIndex = months.indexOf((month ?? '').toLowerCase())
  const [hours, minutes, seconds] = clock.map(Number)
  if (monthIndex < 0 || hours === undefined || minutes === undefined || seconds === undefined)
    return undefined
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined
  return Date.UTC(year, monthIndex, Number(day), hours, minutes, seconds)
}
