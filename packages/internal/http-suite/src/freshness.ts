import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Freshness that the response states, and independence from the options of the data cache. */
export function describeFreshness(start: StartFixture): void {
  describe('a response', () => {
    test('with max-age is served from the store until it expires', async () => {
      await using app = await start({}, countingHandler(fresh))
      expect((await app.get('/a')).body).toBe('answer 1')
      app.advanceClock(59_000)
      const { body, headers } = await app.get('/a')
      expect(body).toBe('answer 1')
      expect(Number(headers.age)).toBeGreaterThanOrEqual(59)
      expect(headers['cache-status']).toMatch(/^larder; hit; ttl=\d+$/)
      app.advanceClock(2_000)
      expect((await app.get('/a')).body).toBe('answer 2')
    })

    test('without freshness is not stored and its fields are not changed', async () => {
      await using app = await start({}, countingHandler())
      const [first, second] = [await app.get('/a'), await app.get('/a')]
      expect([first.body, second.body]).toEqual(['answer 1', 'answer 2'])
      expect(second.headers).not.toHaveProperty('cache-status')
      expect(second.headers).not.toHaveProperty('age')
    })

    test.each([
      [
        'a Date in the future and an Age that overflows',
        { date: 'Fri, 01 Jan 2100 00:00:00 GMT', age: '99999999999999' },
      ],
      ['an Age and a max-age that are not numbers', { age: 'old', 'cache-control': 'max-age=sixty' }],
      ['a negative max-age', { 'cache-control': 'max-age=-1' }],
      ['two different max-age, one of which has passed', { 'cache-control': 'max-age=0, max-age=60' }],
    ])('with %s is stale', async (_, headers) => {
      await using app = await start({}, countingHandler({ ...fresh, ...(headers as Record<string, string>) }))
      await app.get('/a')
      expect((await app.get('/a')).body).toBe('answer 2')
    })
  })

  test('a disabled cache stores no responses, and Cache-Status does not claim it', async () => {
    const cache = createCache({ name: 'suite', store: memoryStore(), enabled: false })
    await using app = await start({ cache, ttl: '1m' }, countingHandler())
    const [first, second] = [await app.get('/a'), await app.get('/a')]
    expect([first.body, second.body]).toEqual(['answer 1', 'answer 2'])
    expect(second.headers['cache-status']).toBe('larder; fwd=miss')
  })

  test('the options of the data cache do not affect responses', async () => {
    const cache = createCache({
      name: 'suite',
      store: memoryStore(),
      refreshAhead: 0,
      staleWhileRevalidate: '1h',
      errorTtl: '1h',
      cacheIf: () => false,
    })
    await using app = await start({ cache }, countingHandler(fresh))
    await app.get('/a')
    for (let repeat = 0; repeat < 3; repeat += 1) expect((await app.get('/a')).body).toBe('answer 1')
    expect(app.runs).toBe(1)
  })
}
