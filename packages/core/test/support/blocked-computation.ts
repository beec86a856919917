import { settle } from './manual-clock'

/** A computation that waits until the test lets it go. */
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
    /** Lets the computations that run now end with what they saw when they started. */
    async release() {
      await settle()
      for (const start of starts.splice(0)) start()
    },
  }
}
