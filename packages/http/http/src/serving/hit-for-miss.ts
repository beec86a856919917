import { createExpiringSet } from '@larder/core'
import type { Exchange } from './exchange'

/** How long a resource counts as not storable after a response that was not, in ms. */
const duration = 10_000

/** The most resources that are remembered; beyond it the oldest is forgotten. */
const maxResources = 10_000

/** After so many responses in a row that were not storable, the next ones of a route are not expected to be. */
const hopelessAfter = 100

/** Of the requests to such a route, one is watched in this time, in ms, to notice when its responses change. */
const watchInterval = 1_000

/** The last responses of one route. */
interface RouteRecord {
  /** Responses in a row that were not storable. */
  failuresInRow: number
  /** Until when a response may be in the store, in ms since the epoch. */
  storedUntil: number
  /** When the last response was watched although none was expected to be storable, in ms since the epoch. */
  watchedAt: number
}

/**
 * Remembers which responses were not storable ("hit-for-miss"): requests for them do not wait for each other, and their
 * responses are not copied. `now` is in ms.
 */
export function createHitForMiss(now: () => number) {
  const resources = createExpiringSet({ monotonic: now }, maxResources)
  const unstorableBodies = createExpiringSet({ monotonic: now }, maxResources)
  const routes = new Map<string, RouteRecord>()

  function recordOf(route: string): RouteRecord {
    const known = routes.get(route)
    if (known !== undefined) return known
    const record = { failuresInRow: 0, storedUntil: 0, watchedAt: 0 }
    routes.set(route, record)
    return record
  }

  function has(exchange: Exchange): boolean {
    const key = lessonKey(exchange)
    return resources.has(key) || unstorableBodies.has(key)
  }

  return {
    /** Whether the last response for the resource was not storable. */
    has,

    /** Whether a response for this exchange is worth a copy. */
    expectsStoring: (exchange: Exchange): boolean =>
      !has(exchange) && recordOf(exchange.route).failuresInRow < hopelessAfter,

    /** Requests for the resource do not wait for each other for a while. */
    add: (exchange: Exchange): void => resources.add(lessonKey(exchange), duration),

    /** The head promised a response that its body then did not keep, such as one that is too large. The next head may not help. */
    addUnstorableBody: (exchange: Exchange): void => unstorableBodies.add(lessonKey(exchange), duration),

    /** The head of a response tells whether it is storable. */
    recordOutcome(exchange: Exchange, isStorable: boolean): void {
      const record = recordOf(exchange.route)
      if (isStorable) {
        resources.delete(lessonKey(exchange))
        record.failuresInRow = 0
        return
      }
      resources.add(lessonKey(exchange), duration)
      record.failuresInRow += 1
    },

    /** A response of the route is in the store until `time`, in ms since the epoch. */
    recordStored(route: string, time: number): void {
      const record = recordOf(route)
      record.storedUntil = Math.max(record.storedUntil, time)
    },

    /**
     * Whether the next request of a route may bypass the cache unseen: nothing of the route is in the store, and its
     * responses are not expected to be storable. False for the requests that are watched nevertheless.
     */
    skipsNext(route: string): boolean {
      const record = routes.get(route)
      if (record === undefined || record.failuresInRow < hopelessAfter) return false
      const time = now()
      if (record.storedUntil > time) return false
      const sinceWatched = time - record.watchedAt
      // The clock may have been set back.
      if (sinceWatched >= 0 && sinceWatched < watchInterval) return true
      record.watchedAt = time
      return false
    },
  }
}

export type HitForMiss = ReturnType<typeof createHitForMiss>

/** A response to a request with credentials says nothing about those to requests without. */
function lessonKey({ primaryKey, hasCredentials, rule }: Exchange): string {
  const isPersonal = rule.scope === 'public' && !rule.isExplicitlyPublic && hasCredentials
  return isPersonal ? `${primaryKey} personal` : primaryKey
}
