import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAdvisor } from '../src/advice/advisor'
import { createActivityRecorder } from '../src/observation/activity'
import {
  createAccounts,
  createBaskets,
  createCarelessShop,
  createDeployedShop,
  createMarketplace,
  createNewsroom,
  createNightJobs,
} from './support/realistic-services'
import type { Service } from './support/services'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-29T15:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

/** The advice after each of the minutes, as id, function and option. */
async function adviseEachMinute(service: Service, minutes: number): Promise<string[][]> {
  const cache = createCache({ name: 'shop', store: memoryStore({ maxEntries: 50_000 }) })
  const advise = createAdvisor(cache, createActivityRecorder(cache, 300_000))
  const reads = service(cache)
  advise()
  const advice: string[][] = []
  for (let second = 0; second < 60 * minutes; second += 1) {
    for (const read of reads(second)) read.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(1_000)
    if (second % 60 === 59)
      advice.push(advise().advice.map((item) => `${item.id}: ${item.function}, ${item.option}`))
  }
  return advice
}

describe('the advice', () => {
  test('does not take a deployment for a defect: first reads of products, a crowd, and numbers that look like times', async () => {
    expect(await adviseEachMinute(createDeployedShop, 6)).toEqual(Array.from({ length: 6 }, () => []))
  })

  test('tells keys without a value and failures from keys that never repeat', async () => {
    const [, last] = await adviseEachMinute(createAccounts, 2)
    expect(last).toEqual([
      'stale-if-error: stock, staleIfError',
      'stale-if-error: account, staleIfError',
      'never-stored: carts/*, getOrCompute',
    ])
  })

  test('is silent about single changes by key, and about values that are renewed while they are served', async () => {
    expect(await adviseEachMinute(createNewsroom, 2)).toEqual([[], []])
  })

  test('is silent about a long tail of searches, short visits and soft renewals', async () => {
    expect(await adviseEachMinute(createMarketplace, 12)).toEqual(Array.from({ length: 12 }, () => []))
  })

  test('names both of two defects, the one that costs more first', async () => {
    for (const advice of await adviseEachMinute(createCarelessShop, 4))
      expect(advice).toEqual(['fewer-keys: recommend, key', 'not-kept: reviews, cacheIf'])
  })

  test('is silent about jobs at night that come in bursts', async () => {
    expect(await adviseEachMinute(createNightJobs, 20)).toEqual(Array.from({ length: 20 }, () => []))
  })

  test('does not say that values are missing which callers wait for together', async () => {
    expect((await adviseEachMinute(createBaskets, 2)).at(-1)).toEqual(['fewer-keys: basket, key'])
  })

  test('is silent about a route whose responses may not be stored', () => {
    const cache = createCache({ name: 'site', store: memoryStore() })
    const now = vi.fn(() => 0)
    const advise = createAdvisor(cache, createActivityRecorder(cache, 60_000), now)
    const stats = cache.stats()
    const idle = createCache({ name: 'idle', store: memoryStore() }).stats()
    const route = {
      ...idle,
      misses: 300,
      missReasons: { ...idle.missReasons, absent: 300 },
      fills: { stored: 0, skipped: 300, outdated: 0 },
      skips: { ...idle.skips, skip: 300 },
    }
    vi.spyOn(cache, 'stats').mockReturnValue({ ...stats, functions: { 'http/account': route } })
    now.mockReturnValue(61_000)
    expect(advise().advice).toEqual([])
  })
})
