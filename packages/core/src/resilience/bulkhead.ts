/** Bounds of a bulkhead. */
interface BulkheadOptions {
  /** Maximum pieces of work under way. */
  readonly maxConcurrent: number
  /** Maximum pieces of work that wait. */
  readonly maxWaiting: number
}

/**
 * A bulkhead (Nygard, "Release It!"): so many pieces of work are under way at most, and further ones wait for a place in the
 * order they came, up to a bound.
 */
export function createBulkhead({ maxConcurrent, maxWaiting }: BulkheadOptions) {
  /** A queue: what is before `first` has started, and is dropped once it is half of the list. */
  let waiting: (() => void)[] = []
  let first = 0
  let running = 0
  let isStarting = false

  function takeFirst(): (() => void) | undefined {
    const start = waiting[first]
    first += 1
    if (first * 2 >= waiting.length) {
      waiting = waiting.slice(first)
      first = 0
    }
    return start
  }

  /** A loop, and not a recursion: work that ends at once, such as calls through an open circuit, may wait by thousands. */
  function startWaiting(): void {
    if (isStarting) return
    isStarting = true
    while (running < maxConcurrent && waiting.length > 0) {
      running += 1
      takeFirst()?.()
    }
    isStarting = false
  }

  return {
    /** Whether work that comes now is to be refused. */
    get isFull() {
      return running >= maxConcurrent && waiting.length - first >= maxWaiting
    },
    /** Calls `start` as soon as there is a place for it, at once if possible. The work frees its place by `leave`. `start` must not throw. */
    enter(start: () => void): void {
      if (waiting.length > 0 || running >= maxConcurrent) {
        waiting.push(start)
        return
      }
      running += 1
      start()
    },
    /** Frees the place of work that has ended. */
    leave(): void {
      running -= 1
      startWaiting()
    },
  }
}
