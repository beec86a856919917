import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import type { Validity } from '../storage/validity'
import type { Flight, Flights } from './flight'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'

/** What waiting is made of. */
export interface SoftTimeoutOptions {
  readonly clock: Clock
  readonly flights: Flights<LoadResult>
  readonly validity: Validity
}

/** Waits for a flight as long as a caller may; from the soft timeout on, an old value steps in. */
export function createSoftTimeout({ clock, flights, validity }: SoftTimeoutOptions) {
  return (flight: Flight<LoadResult>, request: ReadRequest): Promise<LoadResult> => {
    const { softTimeout } = request.rules
    const landed = flights.join(flight, request.signal)
    if (softTimeout === Number.POSITIVE_INFINITY) return landed
    return orAfter(clock, softTimeout, landed, () => {
      const old = fallbackOf(flight, validity)
      return old !== undefined && acceptsEntry(request, old.entry) ? old : undefined
    })
  }
}

/** What may be served instead of waiting any longer. */
export function fallbackOf({ fallback }: Flight<LoadResult>, validity: Validity): LoadResult | undefined {
  return fallback !== undefined && validity.stateOf(fallback.entry) !== 'dead' ? fallback : undefined
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
