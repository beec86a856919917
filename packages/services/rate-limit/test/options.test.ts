import { describe, expect, test } from 'vitest'
import { createLocalRateLimiter, createRateLimiter, type Policy } from '../src/index'

const url = 'redis://127.0.0.1:1'
const policy = { name: 'per-minute', limit: 10, window: '1m' } as const

describe('createRateLimiter refuses, and says what to write', () => {
  test.each<[options: unknown, message: string]>([
    [undefined, 'needs a name'],
    [{ url, policies: [policy] }, 'needs a name'],
    [{ name: 'shop', policies: [policy] }, 'needs a client or a url'],
    [{ name: 'shop', url }, "needs policies: [{ name: 'per-minute'"],
    [{ name: 'shop', url, policies: [] }, 'needs policies'],
    [{ name: 'shop', url, policies: policy }, 'policies must be a list'],
    [{ name: 'shop', url, policies: [policy, { ...policy, limit: 5 }] }, 'two policies named "per-minute"'],
    [{ name: 'shop', url, policies: [policy], whenAway: 'local' }, 'no option "whenAway"'],
    [{ name: 'shop', url, policies: [policy], ifUnavailable: 'deny' }, "'local' or 'open' or 'closed'"],
    [
      { name: 'shop', url, policies: [policy], maxIdentities: 0 },
      'maxIdentities must be a whole number above 0',
    ],
    [{ name: 'shop', url: 'localhost', policies: [policy] }, 'url is not the URL of a Redis server'],
  ])('%o', (options, message) => {
    expect(() => createRateLimiter(options as never)).toThrow(message)
  })
})

describe('a policy is refused', () => {
  test.each<[change: object, message: string]>([
    [{ name: undefined }, 'a policy needs name'],
    [{ name: '' }, "a name of letters, digits, '-' and '_'"],
    [{ name: 'per minute' }, "a name of letters, digits, '-' and '_'"],
    [{ limit: 0 }, 'limit must be a whole number above 0'],
    [{ limit: 1.5 }, 'limit must be a whole number above 0'],
    [{ limit: undefined }, 'a policy needs limit'],
    [{ window: 0 }, 'must be from 1 ms to ten years; got 0'],
    [{ window: Number.POSITIVE_INFINITY }, 'must be from 1 ms to ten years'],
    [{ window: 1e300 }, 'must be from 1 ms to ten years'],
    [{ window: 'soon' }, 'window'],
    [{ algorithm: 'fixed' }, "'strict' or 'log' or 'counter'"],
    [{ algorithm: 'log', limit: 20_000 }, "'log' remembers 10000 at most. Write algorithm: 'strict'."],
    [{ windowMs: 60_000 }, 'no option "windowMs". Write window.'],
    [{ max: 5 }, 'no option "max"'],
  ])('with %o', (change, message) => {
    const policies = [{ ...policy, ...change }] as readonly Policy[]
    expect(() => createLocalRateLimiter({ policies })).toThrow(message)
  })
})

describe('a call is refused', () => {
  const limiter = createLocalRateLimiter({ policies: [policy, { name: 'per-day', limit: 50, window: '1d' }] })

  test.each<[identity: unknown, options: unknown, message: string]>([
    ['', {}, "an identity must be a text that is not empty, such as 'user:42'"],
    [undefined, {}, 'an identity must be a text'],
    [42, {}, 'an identity must be a text'],
    [[], {}, 'at least one identity is needed'],
    [['user:1', ''], {}, 'an identity must be a text'],
    ['user:1', { cost: 0 }, 'cost must be a whole number from 1 to 10, the smallest limit; got 0'],
    ['user:1', { cost: -1 }, 'cost must be'],
    ['user:1', { cost: 11 }, 'cost must be'],
    ['user:1', { cost: Number.NaN }, 'cost must be'],
    [{ identity: 'user:1', policies: ['per-hour'] }, {}, 'there is no policy "per-hour"'],
    [{ identity: 'user:1', policies: ['per-minut'] }, {}, 'Write "per-minute".'],
    [{ identity: 'user:1', policies: ['per-day', 'per-day'] }, {}, 'two policies named "per-day"'],
    [{ identity: 'user:1', policies: [] }, {}, "must be a list such as ['per-minute']"],
    [{ identity: 'user:1', policies: [{ name: 'x', limit: 0, window: 1 }] }, {}, 'limit must be'],
  ])('consume(%o, %o)', async (identity, options, message) => {
    await expect(limiter.consume(identity as never, options as never)).rejects.toThrow(message)
  })

  test.each([0, 0.5, Number.POSITIVE_INFINITY, 1e300, -1])('block for %d ms', async (duration) => {
    await expect(limiter.block('user:1', duration)).rejects.toThrow(/duration/)
  })
})

test('identities of any length are counted, and differ in any character', async () => {
  const limiter = createLocalRateLimiter({ policies: [{ ...policy, limit: 1 }] })
  const long = 'x'.repeat(100_000)
  expect((await limiter.consume(`${long}1`)).allowed).toBe(true)
  expect((await limiter.consume(`${long}2`)).allowed).toBe(true)
  expect((await limiter.consume(`${long}1`)).allowed).toBe(false)
})

test.each(['user:undefined', 'undefined', 'user:null', 'user/NaN', 'user:[object Object]'])(
  'an identity that was made of a missing value gets one warning: %s',
  async (identity) => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const limiter = createLocalRateLimiter({ policies: [policy] })
    for (const each of ['user:1', 'user:undefined2', 'ofnull', identity, identity])
      await limiter.consume(each)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining(`the identity "${identity}" looks like the text of a missing value`),
    ])
  },
)

test('a user of a larger plan has a limit of the same name and more of it', async () => {
  const limiter = createLocalRateLimiter({ policies: [{ ...policy, limit: 1 }] })
  const plan: Policy = { ...policy, limit: 3 }
  const identity = { identity: 'user:1', policies: [plan] }
  const verdicts = []
  for (let call = 0; call < 4; call += 1) verdicts.push((await limiter.consume(identity)).allowed)
  expect(verdicts).toEqual([true, true, true, false])
  expect((await limiter.peek('user:1')).policies).toMatchObject([
    { name: 'per-minute', limit: 1, remaining: 0 },
  ])
})
