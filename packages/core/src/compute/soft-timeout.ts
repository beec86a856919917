import type { Clock } from '../contracts/clock'
import { LarderError } from '../errors'
import type { Validity } from '../storage/validity'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { Flight, Flights } from './single-flight'

/** Dependencies of {@link createSoftTimeout}. */
interface SoftTimeoutOptions {
  readonly clock: Clock
  readonly flights: Flights<LoadResult>
  readonly validity: Validity
}

/** Joins a flight for one caller. At the caller's soft timeout, a stale value is served instead, if one may be. */
export function createSoftTimeout({ clock, flights, validity }: SoftTimeoutOptions) {
  return (flight: Flight<LoadResult>, request: ReadRequest): Promise<LoadResult> => {
    const { softTimeout } = request.rules
    const result = flights.joinFlight(flight, request.signal)
    if (softTimeout === Number.POSITIVE_INFINITY) return result
    return substituteAfter(clock, softTimeout, result, () => {
      const fallback = servableFallback(flight, validity)
      return fallback !== undefined && acceptsEntry(request, fallback.entry) ? fallback : undefined
    })
  }
}

/** The flight's stale result, if it may be served instead of waiting any longer. */
export function servableFallback(
  { fallback }: Flight<LoadResult>,
  validity: Validity,
): LoadResult | undefined {
  return fallback !== undefined && validity.stateOf(fallback.entry) !== 'dead' ? fallback : undefined
}

/** Whether a flight ended at its hard timeout. */
export function isHardTimeout(error: unknown): boolean {
  return error instanceof LarderError && error.code === 'COMPUTE_TIMEOUT'
}

/** The result; or, if it takes longer than `delay` ms, the substitute, if there is one then. */
function substituteAfter<T>(
  clock: Clock,
  delay: number,
  result: Promise<T>,
  findSubstitute: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.timeout(delay, () => {
      const substitute = findSubstitute()
      if (substitute !== undefined) resolve(substitute)
    })
    result.then(resolve, reject).finally(cancelTimer)
  })
}
