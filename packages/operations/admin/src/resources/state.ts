import { json } from '../http/problem'
import type { Route } from '../http/route'
import { recommend } from '../observation/analysis'
import { healthOf } from '../observation/health'
import { choice, counts, date, list, number, object, text } from '../openapi/schema'

const topNames = 20
const named = list(object({ name: text, uses: number }))

/** How the cache is, by itself and by its numbers. */
export const stateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'health',
    summary: 'Whether the cache can do its work. 503 if it cannot.',
    answer: object({
      status: choice('pass', 'warn', 'fail'),
      checks: list(object({ name: text, status: choice('pass', 'warn', 'fail'), detail: text })),
    }),
    handle({ operated }) {
      const health = healthOf(operated.cache.stats())
      return json(health, health.status === 'fail' ? 503 : 200)
    },
  },
  {
    method: 'GET',
    path: 'stats',
    summary: 'Everything counted since the cache was made, and its state now.',
    answer: object({
      name: text,
      at: date,
      caches: list(text),
      hits: counts,
      computes: counts,
      fills: counts,
      invalidations: counts,
      syncs: counts,
      stale: number,
      misses: number,
      joins: number,
      refreshes: number,
      follows: number,
      diverged: number,
      evictions: number,
      unreadable: number,
      errors: number,
      'usage?': counts,
      position: number,
      lag: { type: ['number', 'null'] },
      maxStaleness: number,
      outbox: number,
      flights: number,
      circuits: list(object({ name: text, state: text })),
      hitRatio: number,
    }),
    handle: ({ operated: { cache }, options }) =>
      json({
        name: cache.name,
        at: new Date(),
        caches: [options.caches].flat().map(({ name }) => name),
        ...cache.stats(),
      }),
  },
  {
    method: 'GET',
    path: 'performance',
    summary: 'What was seen of the reads while somebody watched, and what follows from it.',
    answer: object({
      'since?': date,
      reads: number,
      reasons: counts,
      topKeys: named,
      topTags: named,
      costlyKeys: list(object({ key: text, time: number })),
      'slowCall?': number,
      recommendations: list(object({ id: text, title: text, reason: text, advice: text })),
    }),
    handle({ operated: { cache, activity } }) {
      activity.watch()
      const seen = activity.seen(topNames)
      return json({ ...seen, recommendations: recommend({ stats: cache.stats(), activity: seen }) })
    },
  },
]
