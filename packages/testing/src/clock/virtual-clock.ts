import { type Clock, checkOptions, functionKind, kindOf, type OptionTable } from '@larder/core'
import { flushEventLoop } from './flush'
import { createTimerQueue } from './timer-queue'

/** Options of {@link virtualClock}. */
export interface VirtualClockOptions {
  /** The source of random numbers. @defaultValue `() => 0.5` */
  readonly random?: (() => number) | undefined
  /** Wall time at the start, in ms since the epoch. @defaultValue `1_700_000_000_000` */
  readonly start?: number | undefined
}

const optionTable: OptionTable<VirtualClockOptions> = {
  random: functionKind('() => 0.5'),
  start: kindOf('a time in ms since the epoch, such as Date.now()', Number.isFinite),
}

/** A clock whose time only passes with {@link VirtualClock.advance}, so that an hour takes a test milliseconds. */
export interface VirtualClock extends Clock {
  /** Moves time forward by `ms`: runs the timers that become due, in order, each with the promises it settles. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock, as a time server does; the monotonic clock and timers are not affected. */
  setWall(ms: number): void
  /** Pending timers that would keep the process alive. Background timers do not count. */
  readonly held: number
}

/**
 * Creates a clock for tests: `createCache({ clock: virtualClock(), … })`.
 *
 * @example
 * ```ts
 * const clock = virtualClock()
 * const cache = createCache({ name: 'shop', store: memoryStore(), clock, ttl: '1h' })
 * await cache.set('k', 1)
 * await clock.advance(3_600_000)
 * await cache.get('k') // undefined
 * ```
 * @throws LarderError `BAD_OPTION` for an unknown option, and for a value that it does not accept.
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  checkOptions('virtualClock', options, optionTable)
  const { random = () => 0.5, start = 1_700_000_000_000 } = options
  const timers = createTimerQueue(flushEventLoop)
  let wall = start

  return {
    now: () => wall + timers.time,
    monotonic: () => timers.time,
    random,
    timeout: (delay, task) => timers.schedule(delay, task, true),
    background: (delay, task) => timers.schedule(delay, task, false),
    get held() {
      return timers.held
    },
    setWall(ms) {
      wall = ms - timers.time
    },
    advance: (ms) => timers.runTo(timers.time + ms),
  }
}
