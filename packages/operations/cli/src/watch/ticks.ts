import type { Clock } from '@larder/core'

/** When a view is redrawn, and when it ends. Durations in ms. */
export interface TickOptions {
  readonly clock: Clock
  readonly interval: number
  /** `Infinity` for until it is stopped. */
  readonly total: number
  readonly signal: AbortSignal
}

/** Yields at once and then every `interval`, until `total` has passed or the signal is aborted. */
export async function* ticks({ clock, interval, total, signal }: TickOptions): AsyncGenerator<void> {
  const end = clock.monotonic() + total
  while (!signal.aborted) {
    yield
    const left = end - clock.monotonic()
    if (left <= 0) return
    await pause(clock, Math.min(interval, left), signal)
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const cancel = clock.timeout(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort(): void {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
