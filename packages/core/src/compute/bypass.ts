import type { Follower } from '../invalidation/follower'
import { hold } from '../storage/hold'
import { ComputeFailure, type Production, produce } from './produce'
import type { Outcome, Request } from './request'

/**
 * Runs the function for one caller alone and keeps nothing: inside a transaction, for a key that is being computed
 * around the caller, and in a cache that is closed.
 */
export async function bypass(production: Production, follower: Follower, request: Request): Promise<Outcome> {
  const stamp = follower.stamp(request.rules.sourceLag)
  const signal = request.signal ?? new AbortController().signal
  try {
    const { entry, provenAt } = await produce(
      production,
      request,
      stamp,
      { signal, isBackground: false },
      undefined,
    )
    return {
      entry: hold(entry, { ...stamp, startedAt: provenAt, rules: { ...request.rules, isolate: false } }),
      tier: 'computed',
      isFresh: true,
    }
  } catch (failure) {
    throw failure instanceof ComputeFailure ? failure.error : failure
  }
}
