import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { describe, expect, test, vi } from 'vitest'
import { createActivityRecorder } from '../src/observation/activity'
import { checkHealth } from '../src/observation/health'
import { findRecommendations } from '../src/observation/recommendations'
import { createManagedApp } from './support/managed-app'

const stats = createCache({ name: 'idle', store: memoryStore() }).stats()
const idleActivity = {
  since: new Date(),
  reads: 0,
  reasons: {},
  topKeys: [],
  topTags: [],
  costlyKeys: [],
  slowCall: undefined,
}

/** Statistics and activity, by the one recommendation that follows from them. */
const measurements = {
  'more-memory': [{ evictions: 50, hitRatio: 0.5, fills: { stored: 200, skipped: 0, outdated: 0 } }, {}],
  'longer-ttl': [{}, { reasons: { expired: 90, absent: 10 } }],
  'narrower-tags': [{}, { reasons: { invalidated: 90, absent: 10 }, topTags: [{ name: 'jobs', uses: 9 }] }],
  'fewer-keys': [{}, { reasons: { absent: 100 } }],
  'reach-the-log': [{}, { reasons: { unproven: 50, absent: 50 } }],
  'stale-if-error': [{ computes: { value: 90, error: 8, timeout: 2, aborted: 0, busy: 0 } }, {}],
  'invalidated-while-computing': [{ fills: { stored: 90, skipped: 0, outdated: 10 } }, {}],
  'near-store': [{}, { slowCall: 45 }],
  'hot-key': [{}, { reads: 1_000, topKeys: [{ name: 'config', uses: 600 }] }],
  unreadable: [{ unreadable: 200, fills: { stored: 1_000, skipped: 0, outdated: 0 } }, {}],
} as const

describe('the recommendation', () => {
  test.each(Object.entries(measurements))(
    '%s is the only one for its measurements',
    (id, [counted, seen]) => {
      const found = findRecommendations({
        stats: { ...stats, ...counted },
        activity: { ...idleActivity, ...seen },
      })
      expect(found.map((recommendation) => recommendation.id)).toEqual([id])
      expect(found[0]?.reason).toMatch(/\d/)
    },
  )

  test('list is empty for an idle cache, for too few events, and for a good hit ratio', () => {
    expect(findRecommendations({ stats, activity: idleActivity })).toEqual([])
    expect(findRecommendations({ stats, activity: { ...idleActivity, reasons: { expired: 5 } } })).toEqual([])
    expect(
      findRecommendations({
        stats: { ...stats, hitRatio: 0.99 },
        activity: { ...idleActivity, reasons: { expired: 500 } },
      }),
    ).toEqual([])
  })
})

describe('the health', () => {
  test('fails if the log cannot be read or a circuit is open, and warns of a full outbox', () => {
    expect(checkHealth({ ...stats, lag: Number.POSITIVE_INFINITY }).checks[0]).toMatchObject({
      name: 'current',
      status: 'fail',
    })
    expect(checkHealth({ ...stats, circuits: [{ name: 'redis (log)', state: 'open' }] }).status).toBe('fail')
    expect(checkHealth({ ...stats, outbox: 3 }).status).toBe('warn')
  })

  test('has status 503 if it fails', async () => {
    const { cache, get } = createManagedApp()
    vi.spyOn(cache, 'stats').mockReturnValue({ ...stats, lag: 60_000 })
    expect((await get('health')).status).toBe(503)
  })
})

describe('the activity', () => {
  test('has reads by key and misses by reason after the first request for them', async () => {
    const { cache, get } = createManagedApp()
    await get('performance')
    for (let read = 0; read < 3; read += 1) await cache.getOrCompute('often', () => 1)
    await cache.getOrCompute('once', () => 1)
    const { body } = await get('performance')
    expect(body).toMatchObject({ reads: 4, reasons: { absent: 2 } })
    expect(body.topKeys.map(({ name }: { name: string }) => name)).toEqual(['often', 'once'])
    expect(body.costlyKeys.map(({ key }: { key: string }) => key).sort()).toEqual(['often', 'once'])
  })

  test('is recorded only between the first request and watchFor after the last one', async () => {
    vi.useFakeTimers()
    const cache = createCache({ name: 'w', store: memoryStore() })
    const on = vi.spyOn(cache, 'on')
    const activity = createActivityRecorder(cache, 1_000)
    expect(on).not.toHaveBeenCalled()
    activity.watch()
    await cache.get('k')
    vi.advanceTimersByTime(900)
    activity.watch()
    vi.advanceTimersByTime(900)
    await cache.get('k')
    vi.advanceTimersByTime(200)
    await cache.get('k')
    expect(activity.summarize(1).reads).toBe(2)
    vi.useRealTimers()
  })
})
