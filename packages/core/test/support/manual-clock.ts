import type { Clock } from '../../src/contracts/clock'

/** A clock that advances only when the test says so. */
export interface ManualClock extends Clock {
  /** Advances by `ms`, runs due timers in order, and lets the promises that follow from them settle. */
  advance(ms: number): Promise<void>
  /** Time passes without the event loop: timers that become due meanwhile run, late, with the next `advance`. */
  stall(ms: number): void
  /** Sets only the wall clock, as an administrator would. */
  setWall(ms: number): void
  /** Number of timers that keep the process alive. */
  readonly held: number
}

interface Timer {
  readonly at: number
  readonly task: () => void
  readonly holds: boolean
}

/** Lets promises settle, including those that wait for one tick of the event loop. */
export async function flushPromises(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function manualClock(random: () => number = () => 0.5): ManualClock {
  const timers = new Set<Timer>()
  let time = 0
  let wall = 1_700_000_000_000

  function schedule(delay: number, task: () => void, holds: boolean): () => void {
    const timer = { at: time + delay, task, holds }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  function next(end: number): Timer | undefined {
    return [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }

  return {
    now: () => wall + time,
    monotonic: () => time,
    random,
    timeout: (delay, task) => schedule(delay, task, true),
    background: (delay, task) => schedule(delay, task, false),
    get held() {
      return [...timers].filter(({ holds }) => holds).length
    },
    stall(ms) {
      time += ms
    },
    setWall(ms) {
      wall = ms - time
    },
    async advance(ms) {
      const end = time + ms
      await flushPromises()
      for (let timer = next(end); timer !== undefined; timer = next(end)) {
        timers.delete(timer)
        time = Math.max(time, timer.at)
        timer.task()
        await flushPromises()
      }
      time = end
    },
  }
}
