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

    test('with refreshIf lets a request replace the stored response', async () => {
      const refreshIf = ({ query }: { readonly query: URLSearchParams }) => query.has('force_refresh')
      await using app = await start({ ttl: '1m', query: ['page'], refreshIf }, countingHandler())
      await app.get('/a?page=1')
      expect((await app.get('/a?page=1&force_refresh')).body).toBe('answer 2')
      expect((await app.get('/a?page=1')).body).toBe('answer 2')
    })

    test('with clientTtl lets browsers keep a response, as private where the rule is', async () => {
      const routes = { '/me': { scope: 'private' } } as const
      await using app = await start({ ttl: '1m', clientTtl: '90s', routes }, countingHandler())
      const me = await app.get('/me', { 'x-user': 'alice' })
      expect(me.headers['cache-control']).toBe('private, max-age=90')
      for (const response of [await app.get('/a'), await app.get('/a')])
        expect(response.headers['cache-control']).toBe('max-age=90')
    })
  })

  test('the responses of one user can be ended together', async () => {
    await using app = await start({ ttl: '1m', scope: 'private' }, async ({ method, larder }) => {
      if (method === 'POST') await larder.invalidateUser('alice')
      return { body: String(Math.random()) }
    })
    const bodiesOf = async (user: string) => {
      const headers = { 'x-user': user }
      return [(await app.get('/me', headers)).body, (await app.get('/orders', headers)).body]
    }
    const [alice, bob] = [await bodiesOf('alice'), await bodiesOf('bob')]
    await app.sendRequest('/logout', { method: 'POST' })
    expect(await bodiesOf('bob')).toEqual(bob)
    const after = await bodiesOf('alice')
    expect(after.filter((body) => alice.includes(body))).toEqual([])
  })

  describe('with serverTiming, a response', () => {
    test('says how long the cache and the handler took, after what the handler itself has measured', async () => {
      await using app = await start(
        { ttl: '1m', serverTiming: true, routes: { '/excluded': false } },
        countingHandler({ 'server-timing': 'db;dur=3' }),
      )
      const fromHandler = /^db;dur=3, cache;dur=\d+\.\d, handler;dur=\d+\.\d$/
      expect((await app.get('/a')).headers['server-timing']).toMatch(fromHandler)
      expect((await app.get('/a')).headers['server-timing']).toMatch(/^cache;dur=\d+\.\d$/)
      expect((await app.get('/excluded')).headers['server-timing']).toMatch(fromHandler)
      const post = await app.sendRequest('/a', { method: 'POST' })
      expect(post.headers['server-timing']).toMatch(fromHandler)
    })
  })
}
