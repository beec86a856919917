import type { Clock } from '@larder/core'

/** Resolves after `ms`, or when the signal is aborted. The timer does not keep the process alive. */
export function sleepFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancelTimer = clock.background(ms, wakeUp)
    signal.addEventListener('abort', wakeUp)
    function wakeUp(): void {
      cancelTimer()
      signal.removeEventListener('abort', wakeUp)
      resolve()
    }
  })
}
