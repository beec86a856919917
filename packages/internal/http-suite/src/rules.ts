import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** The options of routes. */
export function describeRules(start: StartFixture): void {
  describe('a rule', () => {
    test('with ttl makes responses of its route fresh, and clients must validate them', async () => {
      await using app = await start({ routes: { '/jobs/:id': { ttl: '1m' } } }, countingHandler())
      expect((await app.get('/jobs/1')).headers['cache-control']).toBe('no-cache')
      expect((await app.get('/jobs/1')).body).toBe('answer 1')
      expect((await app.get('/jobs/2')).body).toBe('answer 2')
      expect((await app.get('/other')).body).toBe('answer 3')
      expect((await app.get('/other')).body).toBe('answer 4')
    })

    test('with ttl is overridden by the Cache-Control of the response', async () => {
      await using app = await start({ ttl: '1h' }, countingHandler({ 'cache-control': 'no-store' }))
      await app.get('/a')
      expect((await app.get('/a')).body).toBe('answer 2')
    })

    test('can derive ttl from the response and cacheIf from the request', async () => {
      await using app = await start(
        {
          ttl: (response) => (response.headers.get('content-type')?.startsWith('text/plain') ? '1m' : 0),
          cacheIf: ({ query }) => !query.has('filter'),
        },
        countingHandler(),
      )
      await app.get('/a')
      expect((await app.get('/a')).body).toBe('answer 1')
      await app.get('/a?filter=x')
      expect((await app.get('/a?filter=x')).body).toBe('answer 3')
    })

    test('of false excludes its route from the cache', async () => {
      await using app = await start({ routes: { '/live/*': false } }, countingHandler(fresh))
      await app.get('/live/x')
      expect((await app.get('/live/x')).body).toBe('answer 2')
    })

    test('with query ignores other parameters and the order of parameters', async () => {
      await using app = await start({ ttl: '1m', query: ['page', 'sort'] }, countingHandler())
      await app.get('/a?sort=up&page=2&utm_source=x')
      expect((await app.get('/a?page=2&sort=up')).body).toBe('answer 1')
      expect((await app.get('/a?page=3&sort=up')).body).toBe('answer 2')
    })

    test('with statuses stores errors and redirects, which ttl alone does not', async () => {
      await using app = await start(
        { ttl: '1m', routes: { '/gone': { statuses: [404] } } },
        ({ target }) => ({
          status: target === '/moved' ? 302 : 404,
          headers: { location: '/x' },
        }),
      )
      for (const target of ['/missing', '/missing', '/moved', '/moved', '/gone', '/gone'])
        await app.get(target)
      expect(app.runs).toBe(5)
    })

    test('with scope private stores one response per user, and requests without a user bypass the cache', async () => {
      await using app = await start({ routes: { '/me': { ttl: '1m', scope: 'private' } } }, (request) => ({
        body: `for ${request.header('x-user')} ${Math.random()}`,
      }))
      const alice = await app.get('/me', { 'x-user': 'alice', authorization: 'token a' })
      const bob = await app.get('/me', { 'x-user': 'bob', authorization: 'token b' })
      expect(alice.headers['cache-control']).toBe('private, no-cache')
      expect((await app.get('/me', { 'x-user': 'alice' })).body).toBe(alice.body)
      expect(bob.body).toMatch(/^for bob/)
      await app.get('/me')
      await app.get('/me')
      expect(app.runs).toBe(4)
    })
  })
}
