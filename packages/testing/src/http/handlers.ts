import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import type { HttpCheck } from './http-check'
import { createLatch } from './latch'
import { waitUntil } from './wait-until'

/** The handler's influence on its own response, and single flight. */
export const handlersChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a handler can tag its response, set its ttl, and keep it out of the store',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, ({ larder, target }) => {
        larder.tag('jobs')
        if (target === '/short') larder.ttl('5s')
        if (target === '/never') larder.skip()
        return { body: String(Math.random()) }
      })
      for (const target of ['/a', '/a', '/short', '/never', '/never']) await app.get(target)
      strictEqual(app.runs, 4)
      app.advanceClock(6_000)
      await app.get('/short')
      strictEqual(app.runs, 5)
      await app.cache.invalidate('jobs')
      await app.get('/a')
      strictEqual(app.runs, 6)
    },
  },
  {
    guarantee:
      'a handler makes its response depend on data it reads through the cache: one invalidation ends both',
    async verify(start) {
      let name = 'old'
      await using app = await start({ ttl: '1m' }, async () => ({
        body: await app.cache.getOrCompute('user 1', () => name, { tags: ['user:1'] }),
      }))
      strictEqual((await app.get('/users/1')).body, 'old')
      name = 'new'
      await app.cache.invalidate('user:1')
      strictEqual((await app.get('/users/1')).body, 'new')
    },
  },
  {
    guarantee: 'a handler runs once for concurrent requests of one resource',
    async verify(start) {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m' }, async () => {
        await opened
        return { body: 'shared' }
      })
      const pending = Array.from({ length: 10 }, () => app.get('/a'))
      await waitUntil('9 requests wait', () => app.cache.stats().joins === 9)
      open()
      const received = await Promise.all(pending)
      deepStrictEqual(new Set(received.map(({ body }) => body)), new Set(['shared']))
      strictEqual(app.runs, 1)
      const statuses = received.map(({ headers }) => String(headers['cache-status']))
      const isCollapsed = (status: string) => /^larder; fwd=miss; collapsed; ttl=\d+$/.test(status)
      strictEqual(statuses.filter((status) => status === 'larder; fwd=miss; stored').length, 1)
      strictEqual(statuses.filter(isCollapsed).length, 9)
    },
  },
]
