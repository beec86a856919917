import type { Follower } from '../invalidation/follower'
import type { ReadRequest } from './read-request'
import {
  type ComputeDependencies,
  type ComputedEntry,
  ComputeFailure,
  runComputation,
} from './run-computation'
import { createFlights, type Flight } from './single-flight'

/**
 * Computes for one caller and does not store the result: inside a transaction, for a key that is being computed around the caller, and
 * in a cache that is closed or disabled. The caller's timeouts and signal apply as for any other read.
 */
export function createBypass(dependencies: ComputeDependencies, follower: Follower) {
  const flights = createFlights<ComputedEntry>(dependencies.clock)

  async function computeEntry(request: ReadRequest, flight: Flight<ComputedEntry>): Promise<ComputedEntry> {
    const { stamp, abort } = flight
    const computation = { request, stamp, abort, isBackground: false, waitNode: flight, previous: undefined }
    try {
      return await runComputation(dependencies, computation)
    } catch (failure) {
      throw failure instanceof ComputeFailure ? failure.error : failure
    }
  }

  return (original: ReadRequest): Promise<ComputedEntry> => {
    // The caller is the only reader of this value, so it needs no copy.
    const request = { ...original, rules: { ...original.rules, isolate: false } }
    const { key, rules, signal } = request
    if (signal?.aborted) return Promise.reject(signal.reason)
    const flight = flights.launchFlight({
      key,
      stamp: follower.takeStamp(rules.sourceLag),
      tags: [],
      hardTimeout: rules.hardTimeout,
      isBackground: false,
      isPending: undefined,
      runFlight: (flight) => computeEntry(request, flight),
      onAbort: () => undefined,
    })
    return flights.joinFlight(flight, signal)
  }
}
