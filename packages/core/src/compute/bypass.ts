import type { Follower } from '../invalidation/follower'
import { hold } from '../storage/hold'
import type { Run } from './context'
import { createLateSignal } from './late-signal'
import { ComputeFailure, type Production, produce } from './produce'
import type { Outcome, Request } from './request'

/**
 * Runs the function for one caller alone and keeps nothing: inside a transaction, for a key that is being computed
 * around the caller, and in a cache that is closed.
 */
export async function bypass(production: Production, follower: Follower, request: Request): Promise<Outcome> {
  const stamp = follower.stamp(request.rules.sourceLag)
  const abort = abortOf(request.signal)
  try {
    const run = { request, stamp, abort, isBackground: false, previous: undefined }
    const { entry, provenAt } = await produce(production, run)
    return {
      entry: hold(entry, { ...stamp, startedAt: provenAt, rules: { ...request.rules, isolate: false } }),
      tier: 'computed',
      isFresh: true,
    }
  } catch (failure) {
    throw failure instanceof ComputeFailure ? failure.error : failure
  }
}

/** What tells the computation that its only caller has left. */
function abortOf(signal: AbortSignal | undefined): Run['abort'] {
  if (signal === undefined) return createLateSignal()
  return {
    signal,
    get reason() {
      return signal.reason
    },
  }
}
