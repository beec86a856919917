import type { Clock } from '@larder/core'
import type { Timers } from '../clock/timers'

/** A process in a simulation, as the machine below it sees it: it may stand still, and it may die. */
export interface SimulatedProcess {
  /** Its own view of time. */
  readonly clock: Clock
  readonly isAlive: boolean
  /** Has it do something: at once, or when it goes on, which the dead do not before {@link SimulatedProcess.wake}. */
  run(task: () => void): void
  /** `stop`: time goes on outside, as under SIGSTOP. `suspend`: its monotonic clock stands still too. */
  freeze(kind: 'stop' | 'suspend'): void
  thaw(): void
  kill(): void
  /** Goes on, dead or not, once all is over, so that what it holds of the real process can be let go. */
  wake(): void
}

/** What a process is started with. */
export interface ProcessOptions {
  readonly timers: Timers
  readonly random: () => number
  /** Wall time at moment 0 of the simulation, in ms: machines do not agree on it. */
  readonly wall: number
}

export function startProcess({ timers, random, wall }: ProcessOptions): SimulatedProcess {
  let isAlive = true
  let frozen: { readonly at: number; readonly kind: 'stop' | 'suspend' } | undefined
  let waiting: (() => void)[] = []
  let slept = 0

  function run(task: () => void): void {
    if (isAlive && frozen === undefined) task()
    else waiting.push(task)
  }
  const schedule = (delay: number, task: () => void, holds: boolean) =>
    timers.schedule(delay, () => run(task), holds)

  function thaw(): void {
    if (frozen?.kind === 'suspend') slept += timers.time - frozen.at
    frozen = undefined
    if (!isAlive) return
    const tasks = waiting
    waiting = []
    for (const task of tasks) run(task)
  }

  return {
    clock: {
      now: () => wall + timers.time,
      monotonic: () => timers.time - slept,
      random,
      timeout: (delay, task) => schedule(delay, task, true),
      background: (delay, task) => schedule(delay, task, false),
    },
    get isAlive() {
      return isAlive
    },
    run,
    freeze(kind) {
      frozen ??= { at: timers.time, kind }
    },
    thaw,
    kill() {
      isAlive = false
    },
    wake() {
      isAlive = true
      thaw()
    },
  }
}
