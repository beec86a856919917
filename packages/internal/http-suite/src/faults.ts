import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { measureOwnTime, startRedis } from '@larder/servers'
import type { AppHandler, RequestParts, StartApplication } from '@larder/testing/http'
import { sendRequest } from '@larder/testing/http'
import { tieredStore } from '@larder/tiered'
import { describe, expect, test } from 'vitest'

/** Starts an application with a `ttl` of a minute on a cache of its own, which is closed with it. */
async function startCached(start: StartApplication, cache: Cache, handler: AppHandler) {
  const { port, close } = await start({ options: { cache, ttl: '1m', tags: ['jobs'] }, handler })
  return {
    cache,
    get: (target: string, headers?: RequestParts['headers']) => sendRequest(port, target, { headers }),
    async [Symbol.asyncDispose]() {
      await close()
      await cache.close()
    },
  }
}

/** A script that overwrites every entry. */
const overwriteEntries = `for _, key in ipairs(redis.call('keys', '*')) do
  if redis.call('type', key).ok == 'string' then redis.call('set', key, 'garbage') end
end`

/** Redis down, frozen, full or overwritten: handlers answer as if there were no cache. */
export function describeFaults(start: StartApplication): void {
  describe('when Redis', () => {
    const faults = {
      'is killed': (server: Awaited<ReturnType<typeof startRedis>>) => server.kill(),
      'does not answer': (server: Awaited<ReturnType<typeof startRedis>>) => server.stop(),
      'is full': (server: Awaited<ReturnType<typeof startRedis>>) =>
        server.command('CONFIG', 'SET', 'maxmemory', '1'),
      'contains garbage': (server: Awaited<ReturnType<typeof startRedis>>) =>
        server.command('EVAL', overwriteEntries, '0'),
    }

    test.each(Object.entries(faults))('%s, handlers still answer in time', async (_, injectFault) => {
      await using server = await startRedis()
      const cache = createCache({ name: 'suite', store: redisStore({ url: server.url }) })
      await using app = await startCached(start, cache, () => ({ body: 'answer' }))
      await app.get('/a')
      await expect.poll(async () => (await app.get('/a')).headers.age).toBeDefined()
      await injectFault(server)
      for (let request = 0; request < 5; request += 1) {
        const { value, took } = await measureOwnTime(() => app.get(`/other/${request}`))
        expect([value.status, value.body]).toEqual([200, 'answer'])
        expect(took).toBeLessThan(1_500)
      }
    })
  })

  test('an invalidation in one process ends the responses that another process stores', async () => {
    await using server = await startRedis()
    const openCache = () =>
      createCache({
        name: 'suite',
        store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
        // The cache counts a stall of this process beyond it as a failure of Redis, and then stores nothing.
        storeTimeout: '1m',
      })
    await using one = await startCached(start, openCache(), () => ({ body: String(Math.random()) }))
    await using two = await startCached(start, openCache(), () => ({ body: String(Math.random()) }))
    const shared = await one.get('/a', { host: 'app.example' })
    await expect.poll(async () => (await two.get('/a', { host: 'app.example' })).body).toBe(shared.body)
    await one.cache.invalidate('jobs')
    await expect.poll(async () => (await two.get('/a', { host: 'app.example' })).body).not.toBe(shared.body)
  })
}
