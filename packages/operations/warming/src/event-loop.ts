import { performance } from 'node:perf_hooks'

/** How busy the event loop was since the last question, from 0 to 1. */
export function eventLoopMeter(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
