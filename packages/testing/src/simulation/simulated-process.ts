import type { Clock } from '@larder/core'
import type { TimerQueue } from '../clock/timer-queue'

/** A simulated operating-system process: it can be frozen and killed. */
export interface SimulatedProcess {
  /** The process's own wall and monotonic clock. */
  readonly clock: Clock
  readonly isAlive: boolean
  /**
   * Runs a task in the process: now, or after it is thawed. Tasks of a killed process wait for
   * {@link SimulatedProcess.reviveForCleanup}.
   */
  runWhenAwake(task: () => void): void
  /** `stop`: both clocks run on, as with SIGSTOP. `suspend`: its monotonic clock stands still, as when the machine sleeps. */
  freeze(kind: 'stop' | 'suspend'): void
  thaw(): void
  /** Sets the wall clock forward or back, as a time server does. In ms. */
  shiftWall(by: number): void
  kill(): void
  /** Lets even a killed process run after the simulation, so that its cache can be closed and its memory freed. */
  reviveForCleanup(): void
}

/** Options of {@link startSimulatedProcess}. */
interface ProcessOptions {
  readonly timers: TimerQueue
  readonly random: () => number
  /** Wall time at the start of the simulation, in ms. It differs between machines. */
  readonly wall: number
}

export function startSimulatedProcess({ timers, random, wall }: ProcessOptions): SimulatedProcess {
  let isAlive = true
  let frozen: { readonly since: number; readonly kind: 'stop' | 'suspend' } | undefined
  let waiting: (() => void)[] = []
  let suspendedFor = 0
  let shiftedBy = 0

  function runWhenAwake(task: () => void): void {
    if (isAlive && frozen === undefined) task()
    else waiting.push(task)
  }
  const scheduleTask = (delay: number, task: () => void, keepsAlive: boolean) =>
    timers.schedule(delay, () => runWhenAwake(task), keepsAlive)

  function thawProcess(): void {
    if (frozen?.kind === 'suspend') suspendedFor += timers.time - frozen.since
    frozen = undefined
    if (!isAlive) return
    const tasks = waiting
    waiting = []
    for (const task of tasks) runWhenAwake(task)
  }

  return {
    clock: {
      now: () => wall + shiftedBy + timers.time,
      monotonic: () => timers.time - suspendedFor,
      random,
      timeout: (delay, task) => scheduleTask(delay, task, true),
      background: (delay, task) => scheduleTask(delay, task, false),
    },
    get isAlive() {
      return isAlive
    },
    runWhenAwake,
    freeze(kind) {
      frozen ??= { since: timers.time, kind }
    },
    thaw: thawProcess,
    shiftWall(by) {
      shiftedBy += by
    },
    kill() {
      isAlive = false
    },
    reviveForCleanup() {
      isAlive = true
      thawProcess()
    },
  }
}
