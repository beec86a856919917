import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { measureOwnTime, startRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { describe, expect, test } from 'vitest'
import { counting, type StartFixture } from './fixture'

/** Puts something else in the place of every entry. */
const spoil = `for _, key in ipairs(redis.call('keys', '*')) do
  if redis.call('type', key).ok == 'string' then redis.call('set', key, 'garbage') end
end`

/** Redis away, frozen, or full of something else: the handler answers as if there were no cache. */
export function faultPromises(start: StartFixture): void {
  describe('when Redis', () => {
    const faults = {
      'is killed': (server: Awaited<ReturnType<typeof startRedis>>) => server.kill(),
      'answers nothing': (server: Awaited<ReturnType<typeof startRedis>>) => server.stop(),
      'is full': (server: Awaited<ReturnType<typeof startRedis>>) =>
        server.command('CONFIG', 'SET', 'maxmemory', '1'),
      'holds garbage': (server: Awaited<ReturnType<typeof startRedis>>) => server.command('EVAL', spoil, '0'),
    }

    test.each(Object.entries(faults))(
      '%s, handlers answer in time',
      async (_, strike) => {
        await using server = await startRedis()
        const cache = createCache({ name: 'suite', store: redisStore({ url: server.url }) })
        await using app = await start({ cache, ttl: '1m' }, counting())
        await app.get('/a')
        await until('it is stored', async () => (await app.get('/a')).headers.age !== undefined)
        await strike(server)
        for (let at = 0; at < 5; at += 1) {
          const { value, took } = await measureOwnTime(() => app.get(`/other/${at}`))
          expect([value.status, value.body]).toEqual([200, expect.stringMatching(/^answer \d+$/)])
          expect(took).toBeLessThan(1_500)
        }
      },
      30_000,
    )
  })

  test('an invalidation in one process ends the responses of the other', async () => {
    await using server = await startRedis()
    const open = () =>
      createCache({
        name: 'suite',
        store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
        // A pause of this process beyond it counts as a failure of Redis (gate.ts in @larder/core), and nothing is stored.
        storeTimeout: '1m',
      })
    await using one = await start({ cache: open(), ttl: '1m', tags: ['jobs'] }, () => ({
      body: String(Math.random()),
    }))
    await using two = await start({ cache: open(), ttl: '1m', tags: ['jobs'] }, () => ({
      body: String(Math.random()),
    }))
    const shared = await one.get('/a', { host: 'app.example' })
    await until(
      'the other process serves it',
      async () => (await two.get('/a', { host: 'app.example' })).body === shared.body,
    )
    await one.cache.invalidate('jobs')
    await until(
      'it has ended there',
      async () => (await two.get('/a', { host: 'app.example' })).body !== shared.body,
    )
  }, 30_000)
}
