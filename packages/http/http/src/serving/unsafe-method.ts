import { type Cache, systemClock } from '@larder/core'
import type { ResponseObserver } from '../contracts/handler'
import type { Fields } from '../fields/fields'
import { changedTargets, isNonErrorStatus, parseGroups } from '../policy/invalidation'
import { tagOfGroup, tagOfTarget } from '../storage/response-tags'
import type { Exchange } from './exchange'
import { inertHints } from './response-hints'

/** A handler whose client left may still be at work: its change is invalidated again after this time, in ms. */
const doubtDuration = 2_000

/**
 * Runs the handler for an unsafe request. After a non-error response it invalidates, and holds the response back until
 * that is on record: a client that has seen its change confirmed never reads the old state through this process
 * (RFC 9111 §4.4, RFC 9875 §3).
 */
export function handleUnsafeMethod(cache: Cache, exchange: Exchange): void {
  const observer: ResponseObserver = {
    decideHead: () => 'send',
    prepareSending: ({ status, fields }) => ({
      added: [],
      holdUntil: isNonErrorStatus(status) ? invalidateAffected(cache, exchange, fields) : undefined,
    }),
    finish: () => undefined,
    fail: () => false,
    // The change may have been made, or may still be under way.
    abort() {
      void invalidateAffected(cache, exchange, [])
      systemClock.background(doubtDuration, () => void invalidateAffected(cache, exchange, []))
    },
  }
  exchange.handler.run({ changes: {}, hints: inertHints(cache), isReplaceable: false }, observer)
}

/** Never rejects: a failure to invalidate must not keep a client from the confirmation of its change. */
async function invalidateAffected(cache: Cache, exchange: Exchange, fields: Fields): Promise<void> {
  const { request, origin } = exchange
  const targets = [request.target, ...changedTargets(fields, origin, request.target)]
  const groups = parseGroups(fields, 'cache-group-invalidation')
  const tags = [
    ...targets.map((target) => tagOfTarget(origin, target)),
    ...groups.map((group) => tagOfGroup(origin, group)),
  ]
  // Apart, so that an invalid tag of the rule does not keep the others from being invalidated.
  await Promise.allSettled([cache.invalidate(tags), invalidateRuleTags(cache, exchange)])
}

async function invalidateRuleTags(cache: Cache, { rule, request }: Exchange): Promise<void> {
  const tags = await rule.invalidates(request)
  if (tags.length > 0) await cache.invalidate(tags)
}
