import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import type { Standing } from '../storage/standing'
import type { Flight, Flights } from './flight'
import { accepts, type Outcome, type Request } from './request'

/** What waiting is made of. */
export interface WaitingOptions {
  readonly clock: Clock
  readonly flights: Flights<Outcome>
  readonly standing: Standing
}

/** Waits for a flight as long as a caller may; from the soft timeout on, an old value steps in. */
export function createWaiting({ clock, flights, standing }: WaitingOptions) {
  return (flight: Flight<Outcome>, request: Request): Promise<Outcome> => {
    const { softTimeout } = request.rules
    const landed = flights.join(flight, request.signal)
    if (softTimeout === Number.POSITIVE_INFINITY) return landed
    return orAfter(clock, softTimeout, landed, () => {
      const old = fallbackOf(flight, standing)
      return old !== undefined && accepts(request, old.entry) ? old : undefined
    })
  }
}

/** What may be served instead of waiting any longer. */
export function fallbackOf({ fallback }: Flight<Outcome>, standing: Standing): Outcome | undefined {
  return fallback !== undefined && standing.of(fallback.entry) !== 'dead' ? fallback : undefined
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
