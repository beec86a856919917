import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Attempts to fill the store. */
export function describeExhaustion(start: StartFixture): void {
  describe('the store cannot be filled', () => {
    test('by invented queries: beyond maxKeys they replace each other, and pages in use stay', async () => {
      await using app = await start({ ttl: '1m', maxKeys: 5 }, countingHandler())
      const { body } = await app.get('/page')
      for (let page = 0; page < 10; page += 1) {
        expect((await app.get(`/a?${page}`)).status).toBe(200)
        expect((await app.get('/page')).body).toBe(body)
      }
      await expect.poll(() => app.cache.stats().usage?.entries).toBe(5)
    })

    test('by invented variants of one resource: beyond maxVariants they replace each other', async () => {
      await using app = await start({ maxVariants: 5 }, (request) => ({
        headers: { ...fresh, vary: 'X-Variant' },
        body: String(request.header('x-variant')),
      }))
      for (let variant = 0; variant < 12; variant += 1)
        expect((await app.get('/a', { 'x-variant': `v${variant}` })).body).toBe(`v${variant}`)
      await expect.poll(() => app.cache.stats().usage?.entries).toBe(5)
      const before = app.runs
      for (const variant of ['v0', 'v11']) await app.get('/a', { 'x-variant': variant })
      expect(app.runs).toBe(before)
    })

    test('and what was invalidated makes room for other pages', async () => {
      await using app = await start({ ttl: '1m', maxKeys: 5, tags: ['jobs'] }, countingHandler())
      for (let page = 0; page < 5; page += 1) await app.get(`/a?${page}`)
      await app.cache.invalidate('jobs')
      for (let page = 10; page < 15; page += 1) await app.get(`/a?${page}`)
      const before = app.runs
      for (let page = 10; page < 15; page += 1) await app.get(`/a?${page}`)
      expect(app.runs).toBe(before)
    })

    test('by long targets, which bypass the cache', async () => {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const longTarget = `/a?${'x'.repeat(5_000)}`
      await app.get(longTarget)
      expect((await app.get(longTarget)).body).toBe('answer 2')
      expect(app.cache.stats().usage?.entries).toBe(0)
    })
  })
}
