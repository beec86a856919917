import { createExpiringSet } from '@larder/core'
import type { Exchange } from './exchange'

/** How long a resource counts as not storable after a response that was not, in ms. */
const duration = 10_000

/** The most resources that are remembered; beyond it the oldest is forgotten. */
const maxResources = 10_000

/** After so many responses in a row that were not storable, the next ones of a route are not expected to be. */
const hopelessAfter = 100

/**
 * Remembers which responses were not storable ("hit-for-miss"): requests for them do not wait for each other, and their
 * responses are not copied. `now` is in ms.
 */
export function createHitForMiss(now: () => number) {
  const resources = createExpiringSet({ monotonic: now }, maxResources)
  const failuresInRow = new Map<string, number>()

  return {
    /** Whether the last response for the resource was not storable. */
    has: (exchange: Exchange): boolean => resources.has(lessonKey(exchange)),

    /** Whether a response for this exchange is worth a copy. */
    expectsStoring: (exchange: Exchange): boolean =>
      !resources.has(lessonKey(exchange)) && (failuresInRow.get(exchange.route) ?? 0) < hopelessAfter,

    /** Requests for the resource do not wait for each other for a while. */
    add: (exchange: Exchange): void => resources.add(lessonKey(exchange), duration),

    recordOutcome(exchange: Exchange, isStorable: boolean): void {
      const { route } = exchange
      if (isStorable) {
        resources.delete(lessonKey(exchange))
        failuresInRow.delete(route)
        return
      }
      resources.add(lessonKey(exchange), duration)
      failuresInRow.set(route, (failuresInRow.get(route) ?? 0) + 1)
    },
  }
}

export type HitForMiss = ReturnType<typeof createHitForMiss>

/** A response to a request with credentials says nothing about those to requests without. */
function lessonKey({ primaryKey, hasCredentials, rule }: Exchange): string {
  const isPersonal = rule.scope === 'public' && !rule.isExplicitlyPublic && hasCredentials
  return isPersonal ? `${primaryKey} personal` : primaryKey
}
