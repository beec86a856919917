import { type Duration, describeValue, LarderError, toMs } from '@larder/core'

/** The longest delay of a Node timer, in ms: a timer with a longer one fires immediately. */
export const maxTimerDelay = 2_147_483_647

/**
 * Converts a duration between two repetitions to ms.
 * @throws LarderError `BAD_OPTION` for 0 or for more than a timer can wait; `BAD_DURATION` for any other invalid value.
 */
export function toPeriod(duration: Duration, option: string): number {
  const ms = toMs(duration, option)
  if (ms > 0 && ms <= maxTimerDelay) return ms
  throw new LarderError(
    'BAD_OPTION',
    `${option} must be a duration above 0 and up to '24d', such as '1m'; got ${describeValue(duration)}.`,
  )
}
