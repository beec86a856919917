import { virtualClock } from '@larder/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Algorithm, createLocalRateLimiter, type Policy } from '../src/index'
import { mostInWindow } from './support/most-in-window'

const window = 60_000

/** Waits before requests: bursts, steady arrivals, and pauses about as long as the window or its parts. */
const arbitraryWaits = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 1_200 }) },
    { weight: 1, arbitrary: fc.constantFrom(999, 1_000, 1_001, 59_000, 59_999, 60_000, 60_001, 61_000) },
  ),
  { minLength: 50, maxLength: 300 },
)

async function admitAll(policy: Policy, waits: readonly number[], start = 0) {
  const clock = virtualClock()
  await clock.advance(start)
  const limiter = createLocalRateLimiter({ policies: [policy], clock })
  const admitted: number[] = []
  for (const wait of waits) {
    await clock.advance(wait)
    const { allowed } = await limiter.consume('ann')
    if (allowed) admitted.push(clock.monotonic())
  }
  return admitted
}

describe.each<Algorithm>(['strict', 'log'])('%s', (algorithm) => {
  test.each([false, true])(
    'admits no more than the limit in any window, wherever it begins (refused requests count: %s)',
    async (countRefused) => {
      await fc.assert(
        fc.asyncProperty(arbitraryWaits, fc.integer({ min: 1, max: 12 }), async (waits, limit) => {
          const policy = { name: 'p', limit, window, algorithm, countRefused }
          expect(mostInWindow(await admitAll(policy, waits), window)).toBeLessThanOrEqual(limit)
        }),
        { numRuns: 60 },
      )
    },
  )

  test('admits a request after the time that a refusal names, and none a millisecond earlier', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryWaits, fc.integer({ min: 1, max: 3 }), async (waits, cost) => {
        const clock = virtualClock()
        const policies = [{ name: 'p', limit: 5, window, algorithm }]
        const limiter = createLocalRateLimiter({ policies, clock })
        for (const wait of waits.slice(0, 30)) {
          await clock.advance(wait)
          await limiter.consume('ann')
        }
        const { allowed, retryAfter } = await limiter.peek('ann', { cost })
        expect(retryAfter === 0).toBe(allowed)
        if (allowed) return
        await clock.advance(retryAfter - 1)
        expect((await limiter.peek('ann', { cost })).allowed).toBe(false)
        await clock.advance(1)
        expect((await limiter.peek('ann', { cost })).allowed).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

test('log admits exactly what the limit allows', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWaits, async (waits) => {
      let now = 0
      const expected: number[] = []
      for (const wait of waits) {
        now += wait
        if (expected.filter((time) => time > now - window).length < 4) expected.push(now)
      }
      const policy: Policy = { name: 'p', limit: 4, window, algorithm: 'log' }
      expect(await admitAll(policy, waits)).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

test('strict admits the whole limit again after a window and one sixtieth, whatever came before', async () => {
  const clock = virtualClock()
  const limiter = createLocalRateLimiter({ policies: [{ name: 'p', limit: 3, window }], clock })
  const admitThree = async () => {
    const verdicts = [1, 2, 3].map(() => limiter.consume('ann'))
    return (await Promise.all(verdicts)).every(({ allowed }) => allowed)
  }
  await clock.advance(12_345)
  for (let round = 0; round < 5; round += 1) {
    expect(await admitThree()).toBe(true)
    const { allowed, policies } = await limiter.consume('ann')
    expect(allowed).toBe(false)
    expect(policies[0]?.resetIn).toBeLessThanOrEqual(61_000)
    await clock.advance(policies[0]?.resetIn ?? 0)
  }
})

test('counter admits at most half as much again as the limit, in a burst at the edge of a window', async () => {
  const policy: Policy = { name: 'p', limit: 10, window, algorithm: 'counter' }
  await fc.assert(
    fc.asyncProperty(arbitraryWaits, async (waits) => {
      expect(mostInWindow(await admitAll(policy, waits), window)).toBeLessThanOrEqual(15)
    }),
    { numRuns: 60 },
  )
})

test('500 requests in one millisecond get exactly the limit (cameri/nostream#467)', async () => {
  for (const algorithm of ['strict', 'log', 'counter'] as const) {
    const policy: Policy = { name: 'p', limit: 100, window, algorithm }
    const waits = Array.from({ length: 500 }, () => 0)
    expect(await admitAll(policy, waits, 500)).toHaveLength(100)
  }
})

test('a refund makes room for as much as it gave back, and for no more', async () => {
  const clock = virtualClock()
  for (const algorithm of ['strict', 'log', 'counter'] as const) {
    const limiter = createLocalRateLimiter({ policies: [{ name: 'p', limit: 5, window, algorithm }], clock })
    for (let call = 0; call < 5; call += 1) await limiter.consume('ann')
    await limiter.refund('ann', { cost: 2 })
    expect((await limiter.peek('ann')).policies[0]?.remaining).toBe(2)
    expect((await limiter.consume('ann', { cost: 2 })).allowed).toBe(true)
    expect((await limiter.consume('ann')).allowed).toBe(false)
  }
})

test('refused requests extend the wait only where they count', async () => {
  const clock = virtualClock()
  for (const [countRefused, expected] of [
    [false, true],
    [true, false],
  ] as const) {
    const limiter = createLocalRateLimiter({
      policies: [{ name: 'p', limit: 2, window, countRefused }],
      clock,
    })
    for (let call = 0; call < 2; call += 1) await limiter.consume('ann')
    for (let call = 0; call < 61; call += 1) {
      await clock.advance(1_000)
      if (call < 60) await limiter.consume('ann')
    }
    expect((await limiter.consume('ann')).allowed).toBe(expected)
  }
})

test('a full table refuses new identities, keeps known ones, and takes new ones once old ones have ended', async () => {
  const clock = virtualClock()
  const policies = [{ name: 'p', limit: 1, window }]
  const limiter = createLocalRateLimiter({ policies, clock, maxIdentities: 20 })
  for (let user = 0; user < 20; user += 1) expect((await limiter.consume(`user ${user}`)).allowed).toBe(true)
  expect(await limiter.consume('newcomer')).toMatchObject({ allowed: false, retryAfter: window })
  expect((await limiter.consume('user 3')).allowed).toBe(false)
  await clock.advance(61_000)
  expect((await limiter.consume('newcomer')).allowed).toBe(true)
})
