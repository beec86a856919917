import type { Clock } from '@larder/core'
import type { TimerQueue } from '../clock/timer-queue'

/**
 * `stop`: both clocks run on, as with SIGSTOP. `suspend`: its monotonic clock stands still, as when the machine sleeps.
 * `stall`: the event loop does not run, as during a garbage collection; then it runs the timers that are due before it reads
 * what has arrived.
 */
type FreezeKind = 'stop' | 'suspend' | 'stall'

/** A task that waits for a frozen process. */
interface WaitingTask {
  readonly isTimer: boolean
  run(): void
}

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
  freeze(kind: FreezeKind): void
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
  let frozen: { readonly since: number; readonly kind: FreezeKind } | undefined
  let waiting: WaitingTask[] = []
  let suspendedFor = 0
  let shiftedBy = 0

  function runTask(task: WaitingTask): void {
    if (isAlive && frozen === undefined) task.run()
    else waiting.push(task)
  }
  const scheduleTask = (delay: number, run: () => void, keepsAlive: boolean) =>
    timers.schedule(delay, () => runTask({ isTimer: true, run }), keepsAlive)

  function thawProcess(): void {
    if (frozen?.kind === 'suspend') suspendedFor += timers.time - frozen.since
    const tasks = frozen?.kind === 'stall' ? timersFirst(waiting) : waiting
    frozen = undefined
    if (!isAlive) return
    waiting = []
    for (const task of tasks) runTask(task)
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
    runWhenAwake: (run) => runTask({ isTimer: false, run }),
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

function timersFirst(tasks: readonly WaitingTask[]): WaitingTask[] {
  return [...tasks.filter(({ isTimer }) => isTimer), ...tasks.filter(({ isTimer }) => !isTimer)]
}
