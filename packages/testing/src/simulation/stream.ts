import type { TimerQueue } from '../clock/timer-queue'
import type { NetworkLink } from './network-link'

/** Delivers what is sent through it, in order. */
export type Stream = (deliver: () => void) => void

/** Delivers messages in order, each after the link's latency, and none while the link is partitioned. */
export function createStream(timers: TimerQueue, link: NetworkLink): Stream {
  const queue: (() => void)[] = []
  let isBusy = false

  function deliverNext(): void {
    if (link.isPartitioned) {
      link.onHeal(scheduleNext)
      return
    }
    queue.shift()?.()
    if (queue.length > 0) scheduleNext()
    else isBusy = false
  }
  function scheduleNext(): void {
    isBusy = true
    timers.schedule(link.latency(), deliverNext, false)
  }
  return (deliver: () => void) => {
    queue.push(deliver)
    if (!isBusy) scheduleNext()
  }
}
