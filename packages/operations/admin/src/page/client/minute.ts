import type { LiveState } from './live-state'

/** A measurement at a moment. */
export interface Moment<T> {
  /** In ms since the epoch. */
  readonly at: number
  readonly measured: T
}

/** Slightly longer than a minute, so that a minute of events fits. In ms. */
const length = 60_500

/** Measurements of one process, one for each second of the last minute. */
export function createMinute<T>(measure: (state: LiveState) => T) {
  let process = ''
  let moments: readonly Moment<T>[] = []

  return {
    /** Returns the oldest moment and the one before this, which are undefined at first and after a change of the process. */
    add(state: LiveState) {
      const current = { at: Date.parse(state.at), measured: measure(state) }
      const { host, pid } = state.process
      const earlier =
        process === `${pid} ${host}` ? moments.filter(({ at }) => current.at - at <= length) : []
      process = `${pid} ${host}`
      moments = [...earlier, current]
      return { oldest: earlier[0], previous: earlier.at(-1), current }
    },

    clear(): void {
      moments = []
    },
  }
}
