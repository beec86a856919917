import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAdvisor } from '../src/advice/advisor'
import { createActivityRecorder } from '../src/observation/activity'
import { createManagedApp } from './support/managed-app'
import { defects, healthyTraffic, type Service } from './support/services'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A cache, and the services that run in it. */
function createService(services: readonly Service[]) {
  const cache = createCache({
    name: 'shop',
    store: memoryStore({ maxEntries: 20_000, maxBytes: 50_000_000 }),
  })
  const { get } = createManagedApp({ caches: cache })
  const reads = services.map((service) => service(cache))
  let second = 0
  return {
    cache,
    readAdvice: async () => (await get('advice')).body,
    async run(seconds: number) {
      for (const end = second + seconds; second < end; second += 1) {
        for (const read of reads.flatMap((readOf) => readOf(second))) read.catch(() => undefined)
        await vi.advanceTimersByTimeAsync(1_000)
      }
    },
  }
}

/** The advice after these services ran in one cache for somewhat more than a minute. */
async function adviseOn(services: readonly Service[]) {
  const { readAdvice, run } = createService(services)
  await readAdvice()
  await run(65)
  return (await readAdvice()).advice
}

const summarize = (advice: readonly { id: string; function: string; option: string }[]) =>
  advice.map((item) => `${item.id}: ${item.function}, ${item.option}`)

/** The advice that each defect has to bring, as id, function and option, and the evidence. */
const expected: Readonly<Record<keyof typeof defects, readonly [advice: string, evidence: RegExp]>> = {
  'ttl too short': ['longer-ttl: rates, ttl', /97 % of 165 misses found an entry whose ttl had passed/],
  'a broad tag, invalidated too often': ['narrower-tags: job, tags', /because of the tag "jobs"/],
  'values that change before they are read again': [
    'changes-too-often: score, invalidate',
    /invalidated entry/,
  ],
  'one hot key': ['hot-key: banner, refreshAhead', /\d+ callers waited .* for banner\(0\)/],
  'a source that fails': ['stale-if-error: stock, staleIfError', /\d+ % of \d+ computations failed/],
  'a timestamp in the key': ['time-in-key: report, key', /The latest was report\(\d{13}\)/],
  'too many different keys': ['fewer-keys: search, key', /The latest was search\('shoes for user 649'\)/],
  'oversized values': ['smaller-values: export, maxBytes', /about \d{4} kB/],
  'a ttl of 0': ['not-kept: menu, ttl', /325 of 325 computed values .*: ttl/],
  'a condition that refuses every value': [
    'not-kept: user, cacheIf',
    /325 of 325 computed values .*: cacheIf/,
  ],
  'a slow function that expires under its readers': [
    'refresh-ahead: forecast, staleWhileRevalidate',
    /A computation takes 1500 ms/,
  ],
  'values computed ahead and never read': ['unused-refreshes: teaser, refresh', /260 values .* and 0 reads/],
}
const cases = Object.entries(expected).map(
  ([defect, [advice, evidence]]) => [defect as keyof typeof defects, advice, evidence] as const,
)

/** The counts of a function that nobody has read. */
const noReads = createCache({ name: 'idle', store: memoryStore() }).stats()

describe('the advice', () => {
  test.each(cases)('finds %s, and nothing else', async (defect, found, evidence) => {
    const advice = await adviseOn([defects[defect]])
    expect(summarize(advice)).toEqual([found])
    expect(advice[0].evidence).toMatch(evidence)
  })

  test.each(cases)('finds %s under healthy traffic', async (defect, found) => {
    expect(summarize(await adviseOn([healthyTraffic, defects[defect]]))).toEqual([found])
  })

  test('finds all defects together, and ranks them by what their misses cost', async () => {
    const advice = await adviseOn([healthyTraffic, ...Object.values(defects)])
    expect(summarize(advice).sort()).toEqual(cases.map(([, found]) => found).sort())
    const costs = advice.map(({ cost }: { cost: number }) => cost)
    expect(costs).toEqual(costs.toSorted((a: number, b: number) => b - a))
  })

  test('is empty for a healthy service, from its cold start on', async () => {
    const { cache, readAdvice, run } = createService([healthyTraffic])
    for (let minute = 0; minute < 3; minute += 1) {
      expect((await readAdvice()).advice).toEqual([])
      await run(61)
    }
    expect(await readAdvice()).toMatchObject({ status: 'ready', advice: [] })
    expect(cache.stats().hitRatio).toBeGreaterThan(0.94)
  })

  test('waits until a minute was observed', async () => {
    const { readAdvice, run } = createService([defects['a ttl of 0']])
    await run(50)
    expect(await readAdvice()).toMatchObject({ status: 'waiting', advice: [] })
    await run(15)
    expect(await readAdvice()).toMatchObject({ status: 'ready', advice: [{ id: 'not-kept' }] })
  })

  test('forgets a bad start after 15 minutes, and is not appeased by good days', async () => {
    const cache = createService([]).cache
    const now = { minutes: 0 }
    const advise = createAdvisor(cache, createActivityRecorder(cache, 60_000), () => now.minutes * 60_000)
    const menu = cache.wrap(async (id: number) => id, { name: 'menu', ttl: '1h' })
    const adviseEachMinute = async (until: number) => {
      for (; now.minutes < until; now.minutes += 1) advise()
      return advise().advice.map(({ id }) => id)
    }
    for (let id = 0; id < 500; id += 1) await menu(id)
    expect(await adviseEachMinute(5)).toEqual(['fewer-keys'])
    for (let read = 0; read < 50_000; read += 1) await menu(read % 500)
    expect(await adviseEachMinute(60)).toEqual([])
    for (let id = 500; id < 1_000; id += 1) await menu(id)
    expect(await adviseEachMinute(62)).toEqual(['fewer-keys'])
    expect(cache.stats().hitRatio).toBeGreaterThan(0.95)
  })

  test('is silent during an outage of the store, and counts from its end', async () => {
    const { cache, readAdvice, run } = createService([defects['a ttl of 0']])
    await run(65)
    const healthy = cache.stats()
    const stats = vi.spyOn(cache, 'stats')
    stats.mockReturnValue({ ...healthy, circuits: [{ name: 'redis (entries)', state: 'open' }] })
    expect(await readAdvice()).toEqual({ status: 'outage', elapsed: 0, advice: [] })
    stats.mockRestore()
    await run(30)
    expect(await readAdvice()).toMatchObject({ status: 'waiting', advice: [] })
    await run(61)
    expect(await readAdvice()).toMatchObject({ status: 'ready', advice: [{ id: 'not-kept' }] })
  })

  test('finds a memory that is too small for a function', async () => {
    const cache = createCache({ name: 'shop', store: memoryStore({ maxEntries: 50 }) })
    const { get } = createManagedApp({ caches: cache })
    await get('advice')
    const page = cache.wrap(async (id: number) => id, { name: 'page', ttl: '1h' })
    for (let read = 0; read < 2_000; read += 1) await page(read % 200)
    vi.advanceTimersByTime(61_000)
    const { advice } = (await get('advice')).body
    expect(summarize(advice)).toEqual(['more-memory: page, maxEntries'])
  })

  test.each([
    [
      'reach-the-log',
      {
        functions: {
          user: {
            ...noReads,
            misses: 100,
            missReasons: { ...noReads.missReasons, unproven: 90, absent: 10 },
          },
        },
      },
    ],
    [
      'invalidated-while-computing',
      { functions: { user: { ...noReads, fills: { stored: 90, skipped: 0, outdated: 10 } } } },
    ],
    ['unreadable', { unreadable: 200, fills: { ...noReads.fills, stored: 1_000 } }],
  ])('is %s for what only counts show', (id, counts) => {
    const { cache } = createService([])
    const now = vi.fn(() => 0)
    const advise = createAdvisor(cache, createActivityRecorder(cache, 60_000), now)
    vi.spyOn(cache, 'stats').mockReturnValue({ ...cache.stats(), ...counts })
    now.mockReturnValue(61_000)
    expect(advise().advice.map((item) => item.id)).toEqual([id])
  })

  test('is near-store if successful calls of the shared store are slow', () => {
    const { cache } = createService([])
    const activity = createActivityRecorder(cache, 60_000)
    const now = vi.fn(() => 0)
    const advise = createAdvisor(
      cache,
      { ...activity, summarize: () => ({ ...activity.summarize(0), slowCall: 45 }) },
      now,
    )
    now.mockReturnValue(61_000)
    expect(advise().advice).toMatchObject([
      { id: 'near-store', evidence: '5 % of its calls take 45 ms or more.' },
    ])
  })
})
