import { LarderError } from '@larder/core'
import { Cron } from 'croner'

/** When something is due. */
export interface Schedule {
  /** The first time after a moment, in ms since the epoch; undefined if there is none. */
  next(after: number): number | undefined
}

/**
 * Reads a cron expression, by croner: five fields, or six with seconds before them.
 * @throws LarderError `BAD_OPTION` saying what to write, also for times that never come.
 */
export function cronOf(text: string, timezone: string, now: number): Schedule {
  const cron = parse(text, timezone)
  const next = (after: number) => cron.nextRun(new Date(after))?.getTime()
  if (next(now) === undefined) throw refused(`"${text}" never comes`)
  return { next }
}

function parse(text: string, timezone: string): Cron {
  checkTimezone(timezone)
  try {
    const cron = new Cron(text, { paused: true, timezone })
    // croner takes dates as well, which would run once and never again.
    if (cron.getPattern() !== undefined) return cron
  } catch (error) {
    throw refused(
      `"${text}" is no cron expression (${error instanceof Error ? error.message : error})`,
      error,
    )
  }
  throw refused(`"${text}" is a date and no cron expression`)
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch (error) {
    throw new LarderError(
      'BAD_OPTION',
      `warmOnSchedule: "${timezone}" is no time zone. Write one of IANA's, such as 'Europe/Berlin', or 'UTC'.`,
      { cause: error },
    )
  }
}

function refused(what: string, cause?: unknown): LarderError {
  return new LarderError(
    'BAD_OPTION',
    `warmOnSchedule: ${what}. Write minute, hour, day of month, month and day of week: '*/10 * * * *' for every ten minutes, '30 4 * * 1-5' for half past four on weekdays.`,
    { cause },
  )
}
