import type { LocalEntry } from '../entry/local-entry'
import type { Follower } from '../invalidation/follower'
import { createDeadlines } from '../resilience/deadlines'
import { createFlights, type Flight } from './flight'
import { ComputeFailure, type ComputeDependencies, runComputation } from './run-computation'
import type { ReadRequest } from './read-request'

/**
 * Runs the function for one caller alone and keeps nothing: inside a transaction, for a key that is being computed
 * around the caller, and in a cache that is closed or off. The caller waits no longer than in any other place.
 */
export function createBypass(computeDependencies: ComputeDependencies, follower: Follower) {
  const flights = createFlights<LocalEntry>(createDeadlines(computeDependencies.clock))

  async function run(request: ReadRequest, { stamp, abort }: Flight<LocalEntry>): Promise<LocalEntry> {
    try {
      const product = await runComputation(computeDependencies, {
        request,
        stamp,
        abort,
        isBackground: false,
        previous: undefined,
      })
      return product.entry
    } catch (failure) {
      throw failure instanceof ComputeFailure ? failure.error : failure
    }
  }

  return (asked: ReadRequest): Promise<LocalEntry> => {
    const request = { ...asked, rules: { ...asked.rules, isolate: false } }
    const { key, rules, signal } = request
    const flight = flights.launch({
      key,
      stamp: follower.takeStamp(rules.sourceLag),
      tags: [],
      hardTimeout: rules.hardTimeout,
      isBackground: false,
      work: (flight) => run(request, flight),
      onEnd: () => undefined,
    })
    return flights.join(flight, signal)
  }
}
