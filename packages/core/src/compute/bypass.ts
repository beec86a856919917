import type { LocalEntry } from '../entry/local-entry'
import { createDeadlines } from '../faults/deadlines'
import type { Follower } from '../invalidation/follower'
import { createFlights, type Flight } from './flight'
import { ComputeFailure, type Production, produce } from './produce'
import type { Request } from './request'

/**
 * Runs the function for one caller alone and keeps nothing: inside a transaction, for a key that is being computed
 * around the caller, and in a cache that is closed or off. The caller waits no longer than in any other place.
 */
export function createBypass(production: Production, follower: Follower) {
  const flights = createFlights<LocalEntry>(createDeadlines(production.clock))

  async function run(request: Request, { stamp, abort }: Flight<LocalEntry>): Promise<LocalEntry> {
    try {
      const product = await produce(production, {
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

  return (asked: Request): Promise<LocalEntry> => {
    const request = { ...asked, rules: { ...asked.rules, isolate: false } }
    const { key, rules, signal } = request
    const flight = flights.launch({
      key,
      stamp: follower.stamp(rules.sourceLag),
      tags: [],
      hardTimeout: rules.hardTimeout,
      isBackground: false,
      work: (flight) => run(request, flight),
      onEnd: () => undefined,
    })
    return flights.join(flight, signal)
  }
}
