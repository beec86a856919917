import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { until } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { counting, type StartFixture } from './fixture'

const fresh = { 'cache-control': 'max-age=60' }

/** What is stored, for how long, and what ends it. */
export function cachingPromises(start: StartFixture): void {
  describe('a response that says how long it is fresh', () => {
    test('is made once and served from the store until then', async () => {
      await using app = await start({}, counting(fresh))
      expect((await app.get('/a')).body).toBe('answer 1')
      app.later(59_000)
      const { body, headers } = await app.get('/a')
      expect(body).toBe('answer 1')
      expect(Number(headers.age)).toBeGreaterThanOrEqual(59)
      expect(headers['cache-status']).toMatch(/^larder; hit; ttl=\d+$/)
      app.later(2_000)
      expect((await app.get('/a')).body).toBe('answer 2')
    })

    test('that says nothing is made each time, and nothing about it changes', async () => {
      await using app = await start({}, counting())
      const [first, second] = [await app.get('/a'), await app.get('/a')]
      expect([first.body, second.body]).toEqual(['answer 1', 'answer 2'])
      expect(second.headers).not.toHaveProperty('cache-status')
      expect(second.headers).not.toHaveProperty('age')
    })
  })

  test('a cache that is off stores nothing, and says so', async () => {
    const cache = createCache({ name: 'suite', store: memoryStore(), enabled: false })
    await using app = await start({ cache, ttl: '1m' }, counting())
    const [first, second] = [await app.get('/a'), await app.get('/a')]
    expect([first.body, second.body]).toEqual(['answer 1', 'answer 2'])
    expect(second.headers['cache-status']).toBe('larder; fwd=miss')
  })

  describe('a rule', () => {
    test('says how long responses of a route are fresh; clients are told to ask again', async () => {
      await using app = await start({ routes: { '/jobs/:id': { ttl: '1m' } } }, counting())
      expect((await app.get('/jobs/1')).headers['cache-control']).toBe('no-cache')
      expect((await app.get('/jobs/1')).body).toBe('answer 1')
      expect((await app.get('/jobs/2')).body).toBe('answer 2')
      expect((await app.get('/other')).body).toBe('answer 3')
      expect((await app.get('/other')).body).toBe('answer 4')
    })

    test('yields to what the response says of itself', async () => {
      await using app = await start({ ttl: '1h' }, counting({ 'cache-control': 'no-store' }))
      await app.get('/a')
      expect((await app.get('/a')).body).toBe('answer 2')
    })

    test('may look at the response, and at the request', async () => {
      await using app = await start(
        {
          ttl: (response) => (response.headers.get('content-type')?.startsWith('text/plain') ? '1m' : 0),
          cacheIf: ({ query }) => !query.has('filter'),
        },
        counting(),
      )
      await app.get('/a')
      expect((await app.get('/a')).body).toBe('answer 1')
      await app.get('/a?filter=x')
      expect((await app.get('/a?filter=x')).body).toBe('answer 3')
    })

    test('of false keeps the cache away', async () => {
      await using app = await start({ routes: { '/live/*': false } }, counting(fresh))
      await app.get('/live/x')
      expect((await app.get('/live/x')).body).toBe('answer 2')
    })

    test('names the query parameters that count; their order does not', async () => {
      await using app = await start({ ttl: '1m', query: ['page', 'sort'] }, counting())
      await app.get('/a?sort=up&page=2&utm_source=x')
      expect((await app.get('/a?page=2&sort=up')).body).toBe('answer 1')
      expect((await app.get('/a?page=3&sort=up')).body).toBe('answer 2')
    })

    test('has errors and redirects stored only where it names them', async () => {
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
  })

  describe('a handler', () => {
    test('may tag its response, say how long it is fresh, and take it out of the cache', async () => {
      await using app = await start({ ttl: '1m' }, ({ larder, target }) => {
        larder.tag('jobs')
        if (target === '/short') larder.ttl('5s')
        if (target === '/never') larder.skip()
        return { body: String(Math.random()) }
      })
      for (const target of ['/a', '/a', '/short', '/never', '/never']) await app.get(target)
      expect(app.runs).toBe(4)
      app.later(6_000)
      await app.get('/short')
      expect(app.runs).toBe(5)
      await app.cache.invalidate('jobs')
      await app.get('/a')
      expect(app.runs).toBe(6)
    })

    test('depends on what it reads through the cache: one invalidation ends the data and the response', async () => {
      let name = 'old'
      await using app = await start({ ttl: '1m' }, async () => ({
        body: await app.cache.getOrCompute('user 1', () => name, { tags: ['user:1'] }),
      }))
      expect((await app.get('/users/1')).body).toBe('old')
      name = 'new'
      await app.cache.invalidate('user:1')
      expect((await app.get('/users/1')).body).toBe('new')
    })

    test('that is asked while another caller waits for it runs once', async () => {
      let release: () => void = () => undefined
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      await using app = await start({ ttl: '1m' }, async () => {
        await gate
        return { body: 'shared' }
      })
      const answers = Array.from({ length: 10 }, () => app.get('/a'))
      await until('the others wait for it', () => app.cache.stats().joins === 9)
      release()
      const received = await Promise.all(answers)
      expect(new Set(received.map(({ body }) => body))).toEqual(new Set(['shared']))
      expect(app.runs).toBe(1)
      const statuses = received.map(({ headers }) => String(headers['cache-status']))
      expect(statuses.filter((status) => status === 'larder; fwd=miss; stored')).toHaveLength(1)
      expect(statuses.filter((status) => /^larder; fwd=miss; collapsed; ttl=\d+$/.test(status))).toHaveLength(
        9,
      )
    })
  })

  describe('a change', () => {
    test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
      'by %s ends what is stored for the resource, and for those it names',
      async (method) => {
        await using app = await start({ ttl: '1m' }, (request) =>
          request.method === 'GET'
            ? { body: String(Math.random()) }
            : { headers: { location: '/list?all', 'content-location': '/b' } },
        )
        const targets = ['/a', '/a?page=2', '/list?all', '/b', '/c']
        for (const target of targets) await app.get(target)
        await app.send('/a', { method })
        for (const target of targets) await app.get(target)
        expect(app.runs).toBe(5 + 1 + 4)
      },
    )

    test('that fails ends nothing', async () => {
      await using app = await start({ ttl: '1m' }, ({ method }) => ({ status: method === 'GET' ? 200 : 409 }))
      await app.get('/a')
      await app.send('/a', { method: 'POST' })
      await app.get('/a')
      expect(app.runs).toBe(2)
    })

    test('ends the tags that its route and its handler name, and the groups it says (RFC 9875)', async () => {
      await using app = await start(
        { ttl: '1m', routes: { 'POST /by-rule': { invalidates: ['jobs'] } } },
        async ({ method, target, larder }) => {
          if (method === 'GET') larder.tag('jobs')
          if (target === '/by-handler') await larder.invalidate('jobs')
          return {
            headers:
              method === 'GET'
                ? { 'cache-groups': '"lists"' }
                : target === '/by-group'
                  ? { 'cache-group-invalidation': '"lists"' }
                  : {},
          }
        },
      )
      for (const target of ['/by-rule', '/by-handler', '/by-group']) {
        await app.get('/jobs')
        const before = app.runs
        await app.send(target, { method: 'POST' })
        await app.get('/jobs')
        expect(app.runs).toBe(before + 2)
      }
    })
  })

  test('how the cache keeps data says nothing about responses', async () => {
    const cache = createCache({
      name: 'suite',
      store: memoryStore(),
      refreshAhead: 0,
      staleWhileRevalidate: '1h',
      errorTtl: '1h',
      cacheIf: () => false,
    })
    await using app = await start({ cache }, counting(fresh))
    await app.get('/a')
    for (let at = 0; at < 3; at += 1) expect((await app.get('/a')).body).toBe('answer 1')
    expect(app.runs).toBe(1)
  })

  test('a private route has responses for each user; without a user it passes by the cache', async () => {
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
}
