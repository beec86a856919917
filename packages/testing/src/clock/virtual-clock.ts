import type { Clock } from '@larder/core'
import { settle } from './settle'
import { createTimers } from './timers'

/** Options of {@link virtualClock}. */
export interface VirtualClockOptions {
  /** Where chance comes from. @defaultValue `() => 0.5` */
  readonly random?: (() => number) | undefined
  /** Wall time at the start, in ms since the epoch. @defaultValue `1_700_000_000_000` */
  readonly start?: number | undefined
}

/** A clock that stands still until it is told to go on: what takes an hour is tested in a moment. */
export interface VirtualClock extends Clock {
  /** Goes on by `ms`: runs what falls due in order, and lets everything settle that follows from it. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock alone, as an administrator or a time server would. */
  setWall(ms: number): void
  /** How many timers would keep the process alive. */
  readonly held: number
}

/**
 * Makes a clock for tests: `createCache({ clock: virtualClock(), … })`.
 *
 * @example
 * ```ts
 * const clock = virtualClock()
 * const cache = createCache({ name: 'shop', store: memoryStore(), clock, ttl: '1h' })
 * await cache.set('k', 1)
 * await clock.advance(3_600_000)
 * await cache.get('k') // undefined
 * ```
 */
export function virtualClock({
  random = () => 0.5,
  start = 1_700_000_000_000,
}: VirtualClockOptions = {}): VirtualClock {
  const timers = createTimers(settle)
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
