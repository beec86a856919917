import type { Cache } from '@larder/core'
import type { Fields } from '../fields/fields'
import { changedTargets, isNonErrorStatus, parseGroups } from '../policy/invalidation'
import { tagOfGroup, tagOfTarget } from '../storage/response-tags'
import type { Exchange } from './exchange'
import { inertHints } from './response-hints'

/**
 * Runs the handler for an unsafe request. After a non-error response it invalidates before the client receives the
 * response: a client that has seen its change confirmed never reads the old state (RFC 9111 §4.4, RFC 9875 §3).
 */
export async function handleUnsafeMethod(cache: Cache, exchange: Exchange): Promise<void> {
  const response = await exchange.handler.run({ changes: {}, hints: inertHints(cache) })
  if (isNonErrorStatus(response.status)) await cache.invalidate(await affectedTags(exchange, response.fields))
  response.sendToClient([])
}

async function affectedTags({ rule, request, origin }: Exchange, fields: Fields): Promise<string[]> {
  const ruleTags = await rule.invalidates(request)
  const targets = [request.target, ...changedTargets(fields, origin, request.target)]
  const groups = parseGroups(fields, 'cache-group-invalidation')
  return [
    ...targets.map((target) => tagOfTarget(origin, target)),
    ...groups.map((group) => tagOfGroup(origin, group)),
    ...ruleTags,
  ]
}
