import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { describe, expect, test, vi } from 'vitest'
import { createActivity } from '../src/observation/activity'
import { recommend } from '../src/observation/analysis'
import { healthOf } from '../src/observation/health'
import { operated } from './support/operated'

const stats = createCache({ name: 'calm', store: memoryStore() }).stats()
const calm = {
  since: new Date(),
  reads: 0,
  reasons: {},
  topKeys: [],
  topTags: [],
  costlyKeys: [],
  slowCall: undefined,
}

/** What is measured, and the one recommendation that follows from it. */
const stories = {
  'more-memory': [{ evictions: 50, hitRatio: 0.5, fills: { stored: 200, skipped: 0, outdated: 0 } }, {}],
  'longer-ttl': [{}, { reasons: { expired: 90, absent: 10 } }],
  'narrower-tags': [{}, { reasons: { invalidated: 90, absent: 10 }, topTags: [{ name: 'jobs', uses: 9 }] }],
  'fewer-keys': [{}, { reasons: { absent: 100 } }],
  'reach-the-log': [{}, { reasons: { unproven: 50, absent: 50 } }],
  'stale-if-error': [{ computes: { value: 90, error: 8, timeout: 2, aborted: 0 } }, {}],
  'invalidated-while-computing': [{ fills: { stored: 90, skipped: 0, outdated: 10 } }, {}],
  'near-store': [{}, { slowCall: 45 }],
  'hot-key': [{}, { reads: 1_000, topKeys: [{ name: 'config', uses: 600 }] }],
  unreadable: [{ unreadable: 200, fills: { stored: 1_000, skipped: 0, outdated: 0 } }, {}],
} as const

describe('a recommendation follows from a measurement', () => {
  test.each(Object.entries(stories))('%s', (id, [counted, seen]) => {
    const found = recommend({ stats: { ...stats, ...counted }, activity: { ...calm, ...seen } })
    expect(found.map((one) => one.id)).toEqual([id])
    expect(found[0]?.reason).toMatch(/\d/)
  })

  test('and none from calm, or from too little', () => {
    expect(recommend({ stats, activity: calm })).toEqual([])
    expect(recommend({ stats, activity: { ...calm, reasons: { expired: 5 } } })).toEqual([])
    expect(
      recommend({ stats: { ...stats, hitRatio: 0.99 }, activity: { ...calm, reasons: { expired: 500 } } }),
    ).toEqual([])
  })
})

describe('health', () => {
  test('fails where nothing can be proven current, or a store is left alone', () => {
    expect(healthOf({ ...stats, lag: Number.POSITIVE_INFINITY }).checks[0]).toMatchObject({
      name: 'current',
      status: 'fail',
    })
    expect(healthOf({ ...stats, circuits: [{ name: 'redis (log)', state: 'open' }] }).status).toBe('fail')
    expect(healthOf({ ...stats, outbox: 3 }).status).toBe('warn')
  })

  test('that fails is answered with 503', async () => {
    const { cache, get } = operated()
    vi.spyOn(cache, 'stats').mockReturnValue({ ...stats, lag: 60_000 })
    expect((await get('health')).status).toBe(503)
  })
})

describe('reads', () => {
  test('are counted by key and misses by reason while somebody watches', async () => {
    const { cache, get } = operated()
    await get('performance')
    for (let at = 0; at < 3; at += 1) await cache.getOrCompute('often', () => 1)
    await cache.getOrCompute('once', () => 1)
    const { body } = await get('performance')
    expect(body).toMatchObject({ reads: 4, reasons: { absent: 2 } })
    expect(body.topKeys.map(({ name }: { name: string }) => name)).toEqual(['often', 'once'])
    expect(body.costlyKeys.map(({ key }: { key: string }) => key).sort()).toEqual(['often', 'once'])
  })

  test('are not listened to before anybody has watched, nor long after', async () => {
    vi.useFakeTimers()
    const cache = createCache({ name: 'w', store: memoryStore() })
    const on = vi.spyOn(cache, 'on')
    const activity = createActivity(cache, 1_000)
    expect(on).not.toHaveBeenCalled()
    activity.watch()
    await cache.get('k')
    vi.advanceTimersByTime(900)
    activity.watch()
    vi.advanceTimersByTime(900)
    await cache.get('k')
    vi.advanceTimersByTime(200)
    await cache.get('k')
    expect(activity.seen(1).reads).toBe(2)
    vi.useRealTimers()
  })
})
