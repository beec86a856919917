import type { Clock } from '@larder/core'
import { pause } from './period'

/**
 * Does something at intervals, from start to start, and one after the other. What fails is tried again the next time.
 * Resolves after the abort, when the last one has ended.
 */
export async function repeat(
  work: () => Promise<void>,
  { period, clock, signal }: { readonly period: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let due = clock.monotonic() + period
  for (;;) {
    await pause(clock, Math.max(0, due - clock.monotonic()), signal)
    if (signal.aborted) return
    due = clock.monotonic() + period
    await work().catch(() => undefined)
  }
}
