import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { describe, expect, test, vi } from 'vitest'
import { createActivityRecorder } from '../src/observation/activity'
import { checkHealth } from '../src/observation/health'
import { createManagedApp } from './support/managed-app'

const stats = createCache({ name: 'idle', store: memoryStore() }).stats()

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
