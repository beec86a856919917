import type { Cache } from '@larder/core'
import { changedTargets, groupsOf, isDone } from '../policy/invalidation'
import { tagOfGroup, tagOfTarget } from '../storage/key'
import type { Exchange } from './exchange'
import { larderForNothing } from './larder'

/**
 * Answers an unsafe request. If it was done, what it changed ends before the client hears of it, so that whoever asks
 * next, asks for the new state (RFC 9111 §4.4, RFC 9875 §3).
 */
export function createChanging(cache: Cache) {
  function ended(
    { rule, request, origin }: Exchange,
    fields: Parameters<typeof changedTargets>[0],
  ): string[] {
    const { invalidates } = rule
    const own = typeof invalidates === 'function' ? invalidates(request) : (invalidates ?? [])
    const targets = [request.target, ...changedTargets(fields, origin, request.target)]
    const groups = groupsOf(fields, 'cache-group-invalidation')
    return [
      ...targets.map((target) => tagOfTarget(origin, target)),
      ...groups.map((group) => tagOfGroup(origin, group)),
      ...own,
    ]
  }

  return async (exchange: Exchange): Promise<void> => {
    const response = await exchange.handler.run({ changes: {}, larder: larderForNothing(cache) })
    if (isDone(response.status)) await cache.invalidate(ended(exchange, response.fields))
    response.pass([])
  }
}
