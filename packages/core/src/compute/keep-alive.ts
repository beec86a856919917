import { runOutsideContexts } from '../async-scope'
import type { Clock } from '../contracts/clock'

/** How often the timer that keeps the process alive is set again, in ms. */
const period = 60_000

/**
 * Keeps the process alive while anything holds it. One timer serves all holders. It is cancelled one turn of the event loop
 * after the last of them, because most computations are followed by another in the same turn, and a timer each would cost
 * more than the shortest of them.
 */
export function createKeepAlive(clock: Clock) {
  const holders = new Set<object>()
  let cancelTimer: (() => void) | undefined
  let isReleaseDue = false

  function setTimer(): void {
    cancelTimer = runOutsideContexts(() => clock.timeout(period, setTimer))
  }

  function release(): void {
    isReleaseDue = false
    if (holders.size > 0) return
    cancelTimer?.()
    cancelTimer = undefined
  }

  return {
    add(holder: object): void {
      holders.add(holder)
      if (cancelTimer === undefined) setTimer()
    },
    delete(holder: object): void {
      if (!holders.delete(holder) || holders.size > 0 || isReleaseDue) return
      isReleaseDue = true
      clock.timeout(0, release)
    },
  }
}
