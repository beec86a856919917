import { type Clock, type Duration, LarderError, toMs } from '@larder/core'

/** No timer of Node's waits for longer: it would end at once. */
export const longestTimer = 2_147_483_647

/**
 * The ms of a duration that something is done at intervals of.
 * @throws LarderError `BAD_OPTION` for 0 and for more than a timer can wait; `BAD_DURATION` for no duration.
 */
export function periodOf(duration: Duration, option: string): number {
  const ms = toMs(duration, option)
  if (ms > 0 && ms <= longestTimer) return ms
  throw new LarderError(
    'BAD_OPTION',
    `${option}: ${duration} is no interval. Write a duration above 0 and up to '24d', such as '1m'.`,
  )
}

/** Waits, and keeps nothing alive by it. An abort ends the waiting early. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = clock.background(ms, finish)
    signal.addEventListener('abort', finish)
    function finish(): void {
      cancel()
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}
