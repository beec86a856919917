import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Attempts to fill the store. */
export function describeExhaustion(start: StartFixture): void {
  describe('the store cannot be filled', () => {
    test('by invented queries: beyond maxKeys responses pass through', async () => {
      await using app = await start({ ttl: '1m', maxKeys: 20 }, countingHandler())
      for (let page = 0; page < 40; page += 1) expect((await app.get(`/a?${page}`)).status).toBe(200)
      expect(app.cache.stats().usage?.entries).toBe(20)
    })

    test('by invented variants of one resource: beyond maxVariants responses pass through', async () => {
      await using app = await start({ maxVariants: 5 }, (request) => ({
        headers: { ...fresh, vary: 'X-Variant' },
        body: String(request.header('x-variant')),
      }))
      for (let variant = 0; variant < 20; variant += 1)
        expect((await app.get('/a', { 'x-variant': `v${variant}` })).body).toBe(`v${variant}`)
      expect(app.cache.stats().usage?.entries).toBe(5)
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
