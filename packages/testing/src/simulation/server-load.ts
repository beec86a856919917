import type { TimerQueue } from '../clock/timer-queue'
import type { FakeServer } from '../server/fake-server'

/** How long a server works on a call of the log, and on each record that the call touches, in ms. */
export interface ServerCosts {
  readonly call: number
  readonly record: number
}

/** The work of a server that answers the calls of the log one after the other. */
export function createServerLoad(
  timers: TimerQueue,
  server: () => FakeServer,
  { call, record }: ServerCosts = { call: 0, record: 0 },
) {
  const load = { calls: 0, busy: 0 }
  let busyUntil = 0
  return {
    load,
    serveLog<T>(work: () => T): { reply: T; delay: number } {
      const touchedBefore = server().log.recordsTouched
      const reply = work()
      const took = call + record * (server().log.recordsTouched - touchedBefore)
      load.calls += 1
      load.busy += took
      busyUntil = Math.max(busyUntil, timers.time) + took
      return { reply, delay: busyUntil - timers.time }
    },
  }
}
