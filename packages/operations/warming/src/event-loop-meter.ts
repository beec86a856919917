import { performance } from 'node:perf_hooks'

/** Returns a function that measures the utilization of the event loop since its last call, from 0 to 1. */
export function createEventLoopMeter(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const current = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(current, last)
    last = current
    return utilization
  }
}
