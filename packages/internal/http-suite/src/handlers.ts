import { describe, expect, test } from 'vitest'
import type { StartFixture } from './fixture'
import { createLatch } from './latch'

/** The handler's influence on its own response, and single flight. */
export function describeHandlers(start: StartFixture): void {
  describe('a handler', () => {
    test('can tag its response, set its ttl, and keep it out of the store', async () => {
      await using app = await start({ ttl: '1m' }, ({ larder, target }) => {
        larder.tag('jobs')
        if (target === '/short') larder.ttl('5s')
        if (target === '/never') larder.skip()
        return { body: String(Math.random()) }
      })
      for (const target of ['/a', '/a', '/short', '/never', '/never']) await app.get(target)
      expect(app.runs).toBe(4)
      app.advanceClock(6_000)
      await app.get('/short')
      expect(app.runs).toBe(5)
      await app.cache.invalidate('jobs')
      await app.get('/a')
      expect(app.runs).toBe(6)
    })

    test('makes its response depend on data it reads through the cache: one invalidation ends both', async () => {
      let name = 'old'
      await using app = await start({ ttl: '1m' }, async () => ({
        body: await app.cache.getOrCompute('user 1', () => name, { tags: ['user:1'] }),
      }))
      expect((await app.get('/users/1')).body).toBe('old')
      name = 'new'
      await app.cache.invalidate('user:1')
      expect((await app.get('/users/1')).body).toBe('new')
    })

    test('runs once for concurrent requests of one resource', async () => {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m' }, async () => {
        await opened
        return { body: 'shared' }
      })
      const pending = Array.from({ length: 10 }, () => app.get('/a'))
      await expect.poll(() => app.cache.stats().joins).toBe(9)
      open()
      const received = await Promise.all(pending)
      expect(new Set(received.map(({ body }) => body))).toEqual(new Set(['shared']))
      expect(app.runs).toBe(1)
      const statuses = received.map(({ headers }) => String(headers['cache-status']))
      const isCollapsed = (status: string) => /^larder; fwd=miss; collapsed; ttl=\d+$/.test(status)
      expect(statuses.filter((status) => status === 'larder; fwd=miss; stored')).toHaveLength(1)
      expect(statuses.filter(isCollapsed)).toHaveLength(9)
    })
  })
}
