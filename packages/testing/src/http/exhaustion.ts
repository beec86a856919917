import { strictEqual } from 'node:assert/strict'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'
import { waitUntil } from './wait-until'

/** Attempts to fill the store. */
export const exhaustionChecks: readonly HttpCheck[] = [
  {
    guarantee:
      'the store cannot be filled by invented queries: beyond maxKeys they replace each other, and pages in use stay',
    async verify(start) {
      await using app = await start({ ttl: '1m', maxKeys: 5 }, countingHandler())
      const { body } = await app.get('/page')
      for (let page = 0; page < 10; page += 1) {
        strictEqual((await app.get(`/a?${page}`)).status, 200)
        strictEqual((await app.get('/page')).body, body)
      }
      await waitUntil('five responses are stored', () => app.cache.stats().usage?.entries === 5)
    },
  },
  {
    guarantee:
      'the store cannot be filled by invented variants of one resource: beyond maxVariants they replace each other',
    async verify(start) {
      await using app = await start({ maxVariants: 5 }, (request) => ({
        headers: { ...fresh, vary: 'X-Variant' },
        body: String(request.header('x-variant')),
      }))
      for (let variant = 0; variant < 12; variant += 1)
        strictEqual((await app.get('/a', { 'x-variant': `v${variant}` })).body, `v${variant}`)
      await waitUntil('five responses are stored', () => app.cache.stats().usage?.entries === 5)
      const before = app.runs
      for (const variant of ['v0', 'v11']) await app.get('/a', { 'x-variant': variant })
      strictEqual(app.runs, before)
    },
  },
  {
    guarantee: 'the store cannot be filled and what was invalidated makes room for other pages',
    async verify(start) {
      await using app = await start({ ttl: '1m', maxKeys: 5, tags: ['jobs'] }, countingHandler())
      for (let page = 0; page < 5; page += 1) await app.get(`/a?${page}`)
      await app.cache.invalidate('jobs')
      for (let page = 10; page < 15; page += 1) await app.get(`/a?${page}`)
      const before = app.runs
      for (let page = 10; page < 15; page += 1) await app.get(`/a?${page}`)
      strictEqual(app.runs, before)
    },
  },
  {
    guarantee: 'the store cannot be filled by long targets, which bypass the cache',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const longTarget = `/a?${'x'.repeat(5_000)}`
      await app.get(longTarget)
      strictEqual((await app.get(longTarget)).body, 'answer 2')
      strictEqual(app.cache.stats().usage?.entries, 0)
    },
  },
]
