import type { HeldEntry } from '../entry/held'
import type { Follower } from '../invalidation/follower'
import type { Run } from './context'
import { LateSignal } from './late-signal'
import { ComputeFailure, type Production, produce } from './produce'
import type { Request } from './request'

/**
 * Runs the function for one caller alone and keeps nothing: inside a transaction, for a key that is being computed
 * around the caller, and in a cache that is closed or off.
 */
export async function bypass(production: Production, follower: Follower, asked: Request): Promise<HeldEntry> {
  const request = { ...asked, rules: { ...asked.rules, isolate: false } }
  const stamp = follower.stamp(request.rules.sourceLag)
  const abort = abortOf(request.signal)
  try {
    const run = { request, stamp, abort, isBackground: false, previous: undefined }
    return (await produce(production, run)).entry
  } catch (failure) {
    throw failure instanceof ComputeFailure ? failure.error : failure
  }
}

/** What tells the computation that its only caller has left. */
function abortOf(signal: AbortSignal | undefined): Run['abort'] {
  if (signal === undefined) return new LateSignal()
  return {
    signal,
    get reason() {
      return signal.reason
    },
  }
}
