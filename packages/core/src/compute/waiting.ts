import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import type { Standing } from '../storage/standing'
import type { Flight, Flights } from './flight'
import type { Marks } from './marks'
import type { Outcome, Request } from './request'

/** What waiting is made of. */
export interface WaitingOptions {
  readonly clock: Clock
  readonly flights: Flights<Outcome>
  readonly standing: Standing
  /** Keys whose source failed a moment ago. */
  readonly pauses: Marks
}

/** Waits for a flight as long as a caller may; an old value steps in at the soft timeout, or when time runs out. */
export function createWaiting({ clock, flights, standing, pauses }: WaitingOptions) {
  return async (flight: Flight<Outcome>, request: Request): Promise<Outcome> => {
    const { softTimeout } = request.rules
    const usable = () => {
      const old = flight.fallback
      return old !== undefined && standing.of(old.entry) !== 'dead' ? old : undefined
    }
    const landed = flights.join(flight, request.signal)
    try {
      if (softTimeout === Number.POSITIVE_INFINITY) return await landed
      return await orAfter(clock, softTimeout, landed, usable)
    } catch (error) {
      const old = isTimeout(error) ? usable() : undefined
      if (old === undefined) throw error
      pauses.set(request.key, request.rules.retryAfter)
      return old
    }
  }
}

/** Whether a flight ended at its hard timeout. */
export function isTimeout(error: unknown): boolean {
  return error instanceof LarderError && error.code === 'COMPUTE_TIMEOUT'
}

/** The result; or, from `delay` ms on, a substitute as soon as there is one. */
function orAfter<T>(
  clock: Clock,
  delay: number,
  result: Promise<T>,
  substitute: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.timeout(delay, () => {
      const value = substitute()
      if (value !== undefined) resolve(value)
    })
    result.then(resolve, reject).finally(cancel)
  })
}
