interface Timer {
  readonly dueAt: number
  /** Timers that are due at the same time run in the order they were scheduled. */
  readonly order: number
  readonly task: () => void
  readonly keepsAlive: boolean
  isCancelled: boolean
}

/**
 * Timers in virtual time, as a binary heap: a simulation has thousands of them.
 * @param settleWork - resolves once the asynchronous work started by a timer has come to rest; the next timer runs then.
 */
export function createTimerQueue(settleWork: () => Promise<void>) {
  const heap: Timer[] = []
  let order = 0
  let time = 0

  function scheduleTask(delay: number, task: () => void, keepsAlive: boolean): () => void {
    order += 1
    const timer = { dueAt: time + Math.max(0, delay), order, task, keepsAlive, isCancelled: false }
    pushTimer(heap, timer)
    return () => {
      timer.isCancelled = true
    }
  }

  /** Removes and returns the next timer that is due by `end`, skipping cancelled ones. */
  function popDue(end: number): Timer | undefined {
    for (let first = heap[0]; first !== undefined && first.dueAt <= end; first = heap[0]) {
      popEarliest(heap)
      if (!first.isCancelled) return first
    }
    return undefined
  }

  return {
    get time() {
      return time
    },
    /** Timers that are not cancelled and would keep the process alive. */
    get held() {
      return heap.filter((timer) => timer.keepsAlive && !timer.isCancelled).length
    },
    schedule: scheduleTask,
    /** Runs all timers due by `end` in order, each followed by the asynchronous work that it starts. */
    async runTo(end: number): Promise<void> {
      await settleWork()
      for (let timer = popDue(end); timer !== undefined; timer = popDue(end)) {
        time = Math.max(time, timer.dueAt)
        timer.task()
        await settleWork()
      }
      time = end
    },
  }
}

export type TimerQueue = ReturnType<typeof createTimerQueue>

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order)
}

function pushTimer(heap: Timer[], timer: Timer): void {
  let index = heap.length
  heap.push(timer)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as Timer
    if (!isBefore(timer, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = timer
}

function popEarliest(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const right = left + 1
    const child = right < heap.length && isBefore(heap[right] as Timer, heap[left] as Timer) ? right : left
    const below = heap[child]
    if (below === undefined || !isBefore(below, last)) break
    heap[index] = below
    index = child
  }
  heap[index] = last
}
