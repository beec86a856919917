import { type Service, toMs } from '@larder/core'
import type { Policy } from '../policy'
import type { RateLimiterStats } from '../rate-limiter'
import { metrics } from './metrics'

interface DescribedLimiter {
  readonly name: string
  readonly policies: readonly Policy[]
  stats(): RateLimiterStats
}

/** Describes a limiter to metrics and to the admin API. */
export function describeLimiter({ name, policies, stats }: DescribedLimiter): Service {
  return {
    kind: 'ratelimit',
    name,
    instruments: [
      {
        ...metrics.requests,
        read(observe) {
          const { allowed, refused, bypassed } = stats()
          for (const [result, count] of Object.entries({ allowed, refused, bypassed }))
            observe(count, { 'ratelimit.result': result })
        },
      },
      { ...metrics.unavailable, read: (observe) => observe(stats().unavailable) },
      { ...metrics.circuitOpen, read: (observe) => observe(stats().circuit === 'open' ? 1 : 0) },
    ],
    resources: [
      {
        method: 'GET',
        path: 'policies',
        summary: 'The policies of the limiter, and the decisions of this process.',
        response: { type: 'object', properties: { policies: { type: 'array' }, stats: { type: 'object' } } },
        handle: async () => ({ policies: policies.map(toView), stats: stats() }),
      },
    ],
  }
}

/** A policy with its defaults, and its window in ms. */
function toView({ name, limit, window, algorithm = 'strict', countRefused = false }: Policy) {
  return { name, limit, window: toMs(window, 'window'), algorithm, countRefused }
}
