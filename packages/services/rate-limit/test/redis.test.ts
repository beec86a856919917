// needs: redis
import { readFile } from 'node:fs/promises'
import { countCommands, provideRedis, startCluster, startRedis, until } from '@larder/servers'
import { type VirtualClock, virtualClock } from '@larder/testing'
import fc from 'fast-check'
import { Cluster, Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Algorithm,
  createLocalRateLimiter,
  createRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
} from '../src/index'

const perMinute = { name: 'per-minute', limit: 10, window: '1m' } as const
const server = provideRedis(beforeAll, afterAll)

beforeEach(async () => {
  await server.command('FLUSHALL')
})

function openLimiter(options: Partial<RateLimiterOptions> = {}): RateLimiter {
  const reach = options.client === undefined ? { url: server.url } : {}
  return createRateLimiter({
    name: 'shop',
    policies: [perMinute],
    // A busy machine must not look like an outage.
    storeTimeout: '20s',
    onError: () => undefined,
    ...reach,
    ...options,
  })
}

const connectionModes = {
  'its own connection': () => ({}),
  'a client of ioredis': () => ({ client: new Redis(server.port) }),
  'a client of node-redis': () => ({ client: createClient({ url: server.url }) }),
}

test.each(Object.entries(connectionModes))(
  'with %s, 500 requests at once get exactly the limit (cameri/nostream#467)',
  async (_, connect) => {
    const given = connect()
    await using limiter = openLimiter({ ...given, policies: [{ ...perMinute, limit: 100 }] })
    const verdicts = await Promise.all(Array.from({ length: 500 }, () => limiter.consume('ann')))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(100)
    expect(verdicts.every(({ by }) => by === 'redis')).toBe(true)
    if ('client' in given && given.client instanceof Redis) given.client.disconnect()
  },
)

type Step = ['advance', ms: number] | ['consume' | 'peek' | 'refund', cost: number]

const arbitrarySteps = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('advance' as const), fc.constantFrom(1, 500, 1_000, 30_000, 60_000, 61_000)),
    fc.tuple(
      fc.constantFrom('consume' as const, 'consume' as const, 'peek' as const),
      fc.integer({ min: 1, max: 3 }),
    ),
    fc.tuple(fc.constant('refund' as const), fc.integer({ min: 1, max: 3 })),
  ),
  { minLength: 10, maxLength: 40 },
)

async function play(limiter: RateLimiter, clock: VirtualClock, identity: string, steps: readonly Step[]) {
  const verdicts: unknown[] = []
  for (const [step, amount] of steps) {
    if (step === 'advance') await clock.advance(amount)
    else {
      const { by, ...verdict } = (await limiter[step](identity, { cost: amount })) ?? { by: undefined }
      verdicts.push([step, verdict])
    }
  }
  return verdicts
}

describe.each<Algorithm>(['strict', 'log', 'counter'])('%s', (algorithm) => {
  test.each([false, true])(
    'decides on Redis as it does in this process (refused requests count: %s)',
    async (countRefused) => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(arbitrarySteps, async (steps) => {
          run += 1
          const policies = [{ name: 'p', limit: 5, window: '1m', algorithm, countRefused } as const]
          // The parts of windows begin at the same moments on both clocks.
          const clocks = [1, 2].map(() => virtualClock({ start: 600_000_000_000 })) as [
            VirtualClock,
            VirtualClock,
          ]
          await using shared = openLimiter({ policies, clock: clocks[0] })
          const local = createLocalRateLimiter({ policies, clock: clocks[1] })
          const identity = `${algorithm} ${countRefused} ${run}`
          expect(await play(shared, clocks[0], identity, steps)).toEqual(
            await play(local, clocks[1], identity, steps),
          )
        }),
        { numRuns: 15 },
      )
    },
  )

  test('refuses nobody for more than two windows if the clock of the server is set back', async () => {
    let time = 600_000_000_000
    const clock = { ...virtualClock(), now: () => time }
    await using limiter = openLimiter({ clock, policies: [{ ...perMinute, algorithm }] })
    for (let call = 0; call < 10; call += 1) {
      await limiter.consume('ann')
      time += 2_000
    }
    time -= 86_400_000
    const { allowed, retryAfter } = await limiter.consume('ann')
    expect([allowed, retryAfter <= 120_000]).toEqual([false, true])
    time += retryAfter / 2
    expect((await limiter.consume('ann')).allowed).toBe(false)
    time += retryAfter / 2
    expect((await limiter.consume('ann')).allowed).toBe(true)
  })

  test('keeps nothing longer than it counts, and every key expires (alisaifee/limits#14)', async () => {
    await using limiter = openLimiter({ policies: [{ ...perMinute, algorithm }] })
    for (let call = 0; call < 15; call += 1) await limiter.consume('ann')
    await limiter.refund('ann')
    await limiter.block('ann', '10s')
    const keys = (await server.command('KEYS', '*')).split('\n')
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      const ttl = Number(await server.command('PTTL', key))
      expect(ttl).toBeGreaterThan(0)
      expect(ttl).toBeLessThanOrEqual(120_000)
    }
  })
})

test('a window of many parts is decided on Redis as in this process, while parts end and are given back', async () => {
  const policies = [{ name: 'p', limit: 40, window: '1m' }] as const
  const clocks = [1, 2].map(() => virtualClock({ start: 600_000_000_000 })) as [VirtualClock, VirtualClock]
  await using shared = openLimiter({ policies, clock: clocks[0] })
  const local = createLocalRateLimiter({ policies, clock: clocks[1] })
  const steps = Array.from({ length: 200 }, (_, index): Step[] => [
    ['consume', 1 + (index % 3)],
    ...(index % 25 === 24 ? [['refund', 7] as Step] : []),
    ['advance', index % 90 === 89 ? 40_000 : 700],
  ]).flat()
  expect(await play(shared, clocks[0], 'ann', steps)).toEqual(await play(local, clocks[1], 'ann', steps))
})

test('two policies admit a request together: one that refuses costs the other nothing', async () => {
  await using limiter = openLimiter({
    policies: [perMinute, { name: 'per-second', limit: 2, window: '30s' }],
  })
  const verdicts = []
  for (let call = 0; call < 5; call += 1) verdicts.push(await limiter.consume('ann'))
  expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, false, false, false])
  expect(verdicts.at(-1)?.policies).toMatchObject([
    { name: 'per-minute', remaining: 8, refused: false },
    { name: 'per-second', remaining: 0, refused: true },
  ])
})

test('several identities and policies cost one round trip, on one server', async () => {
  await using limiter = openLimiter({
    policies: [perMinute, { name: 'per-day', limit: 1_000, window: '1d' }],
  })
  await limiter.consume(['user:1', '192.0.2.1'])
  const counts = await countCommands(server, () => limiter.consume(['user:1', '192.0.2.1']))
  expect(counts).toEqual({ evalsha: 2, time: 2, mget: 2, set: 4 })
  const { allowed, policies } = await limiter.peek(['user:1', 'user:2'])
  expect([allowed, policies.map(({ remaining }) => remaining)]).toEqual([true, [8, 998, 10, 1_000]])
})

test('a request within a part of the window writes the beginning of one key, however long it is', async () => {
  const clock = virtualClock()
  await using limiter = openLimiter({ clock })
  await limiter.consume('ann')
  await clock.advance(1_000)
  const countOf = () => countCommands(server, () => limiter.consume('ann'))
  const lookAndWrite = { evalsha: 1, exists: 1, getrange: 1, setrange: 1 }
  expect(await countOf()).toEqual({ ...lookAndWrite, append: 1, pexpire: 1 })
  expect(await countOf()).toEqual(lookAndWrite)
  expect((await limiter.peek('ann')).policies).toMatchObject([{ remaining: 7 }])
})

test('the requests of one turn reach the server together', async () => {
  await using limiter = openLimiter()
  await limiter.consume('warm-up')
  const countReads = async () =>
    Number(/total_reads_processed:(\d+)/.exec(await server.command('INFO', 'stats'))?.[1])
  const before = await countReads()
  await Promise.all(Array.from({ length: 200 }, (_, user) => limiter.consume(`user:${user}`)))
  // Sixteen requests are written at once, and the server reads its own command line twice.
  expect((await countReads()) - before).toBeLessThan(20)
})

test('the longest window and block are counted by Redis', async () => {
  await using limiter = openLimiter({ policies: [{ name: 'p', limit: 1, window: 315_360_000_000 }] })
  expect(await limiter.consume('ann')).toMatchObject({ allowed: true, by: 'redis' })
  expect(await limiter.consume('ann')).toMatchObject({ allowed: false, by: 'redis' })
  await limiter.block('bob', 315_360_000_000)
  expect(await limiter.peek('bob')).toMatchObject({ allowed: false, by: 'redis' })
})

test('one identity that refuses is enough, and the longest wait counts', async () => {
  await using limiter = openLimiter({ policies: [{ ...perMinute, limit: 1 }] })
  await limiter.consume('user:1')
  const verdict = await limiter.consume(['user:1', '192.0.2.1'])
  expect(verdict.allowed).toBe(false)
  expect(verdict.retryAfter).toBeGreaterThan(58_000)
})

test('the call after SCRIPT FLUSH is counted once (upstash/ratelimit-js#122)', async () => {
  await using limiter = openLimiter()
  await limiter.consume('ann')
  await server.command('SCRIPT', 'FLUSH')
  await limiter.consume('ann')
  await server.command('SCRIPT', 'FLUSH')
  await limiter.consume(['ann', 'bob'])
  expect((await limiter.peek('ann')).policies).toMatchObject([{ remaining: 7 }])
})

test('a user with the rights in the README can do everything', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [rights = ''] = /(?<=ACL SETUSER )limits on [^`]+/.exec(readme) ?? []
  await server.command('ACL', 'SETUSER', ...rights.trim().split(/\s+/))
  const errors: unknown[] = []
  const clock = virtualClock()
  const options: Partial<RateLimiterOptions> = {
    url: server.url.replace('//', '//limits:password@'),
    policies: (['strict', 'log', 'counter'] as const).map((algorithm) => ({
      ...perMinute,
      name: algorithm,
      algorithm,
    })),
    onError: (error) => errors.push(error),
  }
  await using limiter = openLimiter(options)
  await using later = openLimiter({ ...options, clock })
  for (let call = 0; call < 12; call += 1) expect((await limiter.consume('ann')).by).toBe('redis')
  for (let call = 0; call < 12; call += 1) {
    await later.consume({ identity: 'bob', policies: ['strict'] })
    await clock.advance(300)
  }
  await limiter.refund('ann', { cost: 10 })
  await limiter.block('ann', '1m')
  expect(await limiter.peek(['ann', 'carl'])).toMatchObject({ allowed: false, by: 'redis' })
  await limiter.reset('ann')
  expect(errors).toEqual([])
})

test('keys show neither users nor addresses', async () => {
  await using limiter = openLimiter()
  await limiter.consume(['user:ann@example.com', '192.0.2.77'])
  await limiter.block('192.0.2.77', '1m')
  const keys = await server.command('KEYS', '*')
  expect(keys.split('\n')).toHaveLength(3)
  expect(keys).not.toMatch(/ann|192\.0/)
})

test('a block refuses everything until it ends or is reset, and counts nothing', async () => {
  await using limiter = openLimiter()
  await limiter.consume('ann')
  await limiter.block('ann', '10m')
  const verdict = await limiter.consume('ann')
  expect(verdict.allowed).toBe(false)
  expect(verdict.retryAfter).toBeGreaterThan(590_000)
  await limiter.reset('ann')
  expect((await limiter.consume('ann')).policies).toMatchObject([{ remaining: 9 }])
})

test('a block lasts no longer than was asked for, from now on, if the clock of the server is set back', async () => {
  await using limiter = openLimiter()
  await limiter.block('ann', '10m')
  const key = await server.command('KEYS', '*:block')
  // A clock that is set back by a day makes every key last for a day longer.
  await server.command('PEXPIRE', key, String(86_400_000 + 600_000))
  const { allowed, retryAfter } = await limiter.peek('ann')
  expect([allowed, retryAfter]).toEqual([false, 600_000])
  expect(Number(await server.command('PTTL', key))).toBeLessThanOrEqual(600_000)
})

test('limiters of one name share counts, and others do not, whatever their names contain', async () => {
  await using a = openLimiter()
  await using b = openLimiter()
  await using other = openLimiter({ name: 'shop:{x}' })
  await a.consume('ann')
  await b.consume('ann')
  await other.consume('ann')
  expect((await a.peek('ann')).policies).toMatchObject([{ remaining: 8 }])
})

test('on a Cluster, identities on different nodes are counted in one call', async () => {
  await using cluster = await startCluster()
  const client = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  await using limiter = openLimiter({
    client,
    policies: [perMinute, { name: 'per-day', limit: 50, window: '1d' }],
  })
  const identities = Array.from({ length: 20 }, (_, index) => `user:${index}`)
  for (let call = 0; call < 3; call += 1) await limiter.consume(identities)
  const { by, policies } = await limiter.peek(identities)
  expect(by).toBe('redis')
  expect(policies.map(({ remaining }) => remaining)).toEqual(identities.flatMap(() => [7, 47]))
  client.disconnect()
})

describe('while Redis is frozen', () => {
  async function freeze(options: Partial<RateLimiterOptions>) {
    const frozen = await startRedis()
    const limiter = openLimiter({ url: frozen.url, storeTimeout: 100, circuitPause: 100, ...options })
    await until('it is connected', async () => (await limiter.consume('warm-up')).by === 'redis')
    frozen.stop()
    return { frozen, limiter }
  }

  test('each process limits by itself, and Redis decides again afterwards', async () => {
    const { frozen, limiter } = await freeze({})
    const verdicts = []
    for (let call = 0; call < 30; call += 1) verdicts.push(await limiter.consume('ann'))
    expect(verdicts.map(({ by }) => by)).toEqual(verdicts.map(() => 'local'))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(10)
    await limiter.peek('ann')
    expect(limiter.stats()).toMatchObject({ allowed: 11, refused: 20, unavailable: 30 })
    frozen.resume()
    await until('Redis decides again', async () => (await limiter.peek('bob')).by === 'redis')
    expect(limiter.stats().circuit).toBe('closed')
    await limiter.close()
    await frozen.close()
  })

  test.each([
    ['open', true],
    ['closed', false],
  ] as const)('with ifUnavailable: %s, a request is admitted: %s', async (ifUnavailable, allowed) => {
    const { frozen, limiter } = await freeze({ ifUnavailable })
    expect(await limiter.consume('ann')).toMatchObject({ allowed, by: 'none', policies: [] })
    await limiter.close()
    await frozen.close()
  })

  test('a refund is not lost, and reset and block say that they failed', async () => {
    const { frozen, limiter } = await freeze({})
    for (let call = 0; call < 10; call += 1) await limiter.consume('ann')
    await limiter.refund('ann')
    expect((await limiter.peek('ann')).policies).toMatchObject([{ remaining: 1 }])
    await expect(limiter.reset('ann')).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) })
    await expect(limiter.block('ann', '1m')).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) })
    expect((await limiter.consume('ann')).allowed).toBe(false)
    await limiter.close()
    await frozen.close()
  })
})

test('without onError, an outage is one warning of the process', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  await using limiter = createRateLimiter({
    name: 'lonely',
    url: 'redis://127.0.0.1:1',
    policies: [perMinute],
  })
  for (let call = 0; call < 8; call += 1) expect((await limiter.consume('ann')).by).toBe('local')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('Rate limiter "lonely": Redis'),
  ])
})
