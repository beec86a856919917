import type { Clock } from '@larder/core'
import { sleepFor } from './sleep'

/**
 * Runs `work` every `period` ms, measured from start to start, without overlap. A failure is ignored: the next repetition
 * tries again. Resolves after an abort, when the last repetition has ended.
 */
export async function repeatEvery(
  period: number,
  work: () => Promise<void>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let nextStart = clock.monotonic() + period
  for (;;) {
    await sleepFor(clock, Math.max(0, nextStart - clock.monotonic()), signal)
    if (signal.aborted) return
    nextStart = clock.monotonic() + period
    await work().catch(() => undefined)
  }
}
