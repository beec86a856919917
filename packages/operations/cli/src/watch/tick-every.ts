import type { Clock } from '@larder/core'

/** Durations in ms. */
interface TickOptions {
  readonly clock: Clock
  readonly interval: number
  /** `Infinity` to tick until the signal is aborted. */
  readonly duration: number
  readonly signal: AbortSignal
}

/** Yields at once and then every `interval`, until `duration` has passed or the signal is aborted. */
export async function* tickEvery({ clock, interval, duration, signal }: TickOptions): AsyncGenerator<void> {
  const end = clock.monotonic() + duration
  while (!signal.aborted) {
    yield
    const remaining = end - clock.monotonic()
    if (remaining <= 0) return
    await waitFor(clock, Math.min(interval, remaining), signal)
  }
}

/** Resolves after `ms`, or as soon as the signal is aborted. */
function waitFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const cancelTimer = clock.timeout(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort(): void {
      cancelTimer()
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
