import { flushPromises } from './manual-clock'

/** A computation that waits until the test releases it. */
export function blockedComputation<T>(value: T | (() => T)) {
  const starts: (() => void)[] = []
  let runs = 0
  const compute = () => {
    runs += 1
    const seen = typeof value === 'function' ? (value as () => T)() : value
    return new Promise<T>((resolve) => starts.push(() => resolve(seen)))
  }
  return {
    compute,
    get runs() {
      return runs
    },
    /** Ends the running computations, each with the value it read when it started. */
    async release() {
      await flushPromises()
      for (const start of starts.splice(0)) start()
    },
  }
}
