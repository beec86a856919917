import { LarderError } from '@larder/core'
import { Cron } from 'croner'

export interface Schedule {
  /** The first scheduled time after `time`, both in ms since the epoch; undefined if there is none. */
  nextAfter(time: number): number | undefined
}

/**
 * Parses a cron expression with croner: five fields, or six with seconds first.
 * @throws LarderError `BAD_OPTION` for an invalid expression or time zone, or if there is no scheduled time after `now`.
 */
export function parseCron(text: string, timezone: string, now: number): Schedule {
  const cron = parsePattern(text, timezone)
  const nextAfter = (time: number) => cron.nextRun(new Date(time))?.getTime()
  if (nextAfter(now) === undefined) throw badCron(`"${text}", which has no scheduled time`)
  return { nextAfter }
}

function parsePattern(text: string, timezone: string): Cron {
  requireTimezone(timezone)
  try {
    const cron = new Cron(text, { paused: true, timezone })
    // croner also accepts dates, which would run once.
    if (cron.getPattern() !== undefined) return cron
  } catch (error) {
    throw badCron(`"${text}" (${error instanceof Error ? error.message : error})`, error)
  }
  throw badCron(`the date "${text}"`)
}

function requireTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch (error) {
    throw new LarderError(
      'BAD_OPTION',
      `warmOnSchedule: timezone must be an IANA name such as 'Europe/Berlin', or 'UTC'; got '${timezone}'.`,
      { cause: error },
    )
  }
}

function badCron(actual: string, cause?: unknown): LarderError {
  return new LarderError(
    'BAD_OPTION',
    `warmOnSchedule: the cron expression must consist of minute, hour, day of month, month and day of week, such as '*/10 * * * *' for every ten minutes or '30 4 * * 1-5' for 4:30 on weekdays; got ${actual}.`,
    { cause },
  )
}
