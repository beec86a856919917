interface Timer {
  readonly at: number
  /** Timers of one moment run in the order they were made. */
  readonly order: number
  readonly task: () => void
  readonly holds: boolean
  isCancelled: boolean
}

/**
 * Timers in virtual time: a heap, so that a simulation with thousands of them stays quick.
 * @param settle - lets go on what a timer set off, before the next one runs.
 */
export function createTimers(settle: () => Promise<void>) {
  const heap: Timer[] = []
  let order = 0
  let time = 0

  function schedule(delay: number, task: () => void, holds: boolean): () => void {
    order += 1
    const timer = { at: time + Math.max(0, delay), order, task, holds, isCancelled: false }
    push(heap, timer)
    return () => {
      timer.isCancelled = true
    }
  }

  /** The next timer that falls due by `end`. */
  function due(end: number): Timer | undefined {
    for (let first = heap[0]; first !== undefined && first.at <= end; first = heap[0]) {
      pop(heap)
      if (!first.isCancelled) return first
    }
    return undefined
  }

  return {
    get time() {
      return time
    },
    get held() {
      return heap.filter((timer) => timer.holds && !timer.isCancelled).length
    },
    schedule,
    /** Runs everything up to `end`, one timer at a time, each with all that follows from it. */
    async runTo(end: number): Promise<void> {
      await settle()
      for (let timer = due(end); timer !== undefined; timer = due(end)) {
        time = Math.max(time, timer.at)
        timer.task()
        await settle()
      }
      time = end
    },
  }
}

export type Timers = ReturnType<typeof createTimers>

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  heap.push(timer)
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent] as Timer
    if (!isBefore(timer, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const right = left + 1
    const child = right < heap.length && isBefore(heap[right] as Timer, heap[left] as Timer) ? right : left
    const below = heap[child]
    if (below === undefined || !isBefore(below, last)) break
    heap[at] = below
    at = child
  }
  heap[at] = last
}
