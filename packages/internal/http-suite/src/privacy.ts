import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Attempts to receive a response that is meant for another user. */
export function describePrivacy(start: StartFixture): void {
  describe('a personal response is not shared:', () => {
    test.each([
      ['Authorization', { authorization: 'token a' }],
      ['a cookie', { cookie: 'session=a' }],
    ])('one to a request with %s only if its Cache-Control is public', async (_, request) => {
      await using app = await start({}, countingHandler(fresh))
      await app.get('/a', request)
      expect((await app.get('/a')).body).toBe('answer 2')
      await using shared = await start({}, countingHandler({ 'cache-control': 'public, max-age=60' }))
      await shared.get('/a', request)
      expect((await shared.get('/a')).body).toBe('answer 1')
    })

    test.each([
      ['Authorization', { authorization: 'token a' }],
      ['a cookie', { cookie: 'session=a' }],
    ])(
      'ttl alone neither stores responses to requests with %s nor serves them stored ones',
      async (_, request) => {
        await using app = await start({ ttl: '1m' }, countingHandler())
        for (const headers of [request, undefined, request, undefined]) await app.get('/a', headers)
        expect(app.runs).toBe(3)
        await using shared = await start({ ttl: '1m', scope: 'public' }, countingHandler())
        for (const headers of [request, undefined, request]) await shared.get('/a', headers)
        expect(shared.runs).toBe(1)
      },
    )

    test.each([
      ['private', { 'cache-control': 'private, max-age=60' }],
      ['no-store', { 'cache-control': 'no-store, max-age=60' }],
      ['Vary: *', { ...fresh, vary: '*' }],
      ['an event stream', { ...fresh, 'content-type': 'text/event-stream' }],
      ['Set-Cookie', { ...fresh, 'set-cookie': 'session=a' }],
    ])('a response with %s is not stored', async (_, headers) => {
      await using app = await start({}, countingHandler(headers as Record<string, string>))
      await app.get('/a')
      const { body, headers: received } = await app.get('/a')
      expect(body).toBe('answer 2')
      expect(received).not.toHaveProperty('age')
    })

    test('a private route applies to every spelling of its path', async () => {
      await using app = await start(
        { routes: { '/account/*': { ttl: '1m', scope: 'private' }, '/*': { ttl: '1m' } } },
        (request) => ({ body: `of ${request.header('x-user')}` }),
      )
      const spellings = [
        '/account/x.css',
        '/ACCOUNT/x.css',
        '/%61ccount/x.css',
        '/account/x.css/',
        '/account/;x.css',
        '/account/%2fx.css',
        '/account/x%00.css',
      ]
      for (const target of spellings) {
        await app.get(target, { 'x-user': 'alice' }).catch(() => undefined)
        const bob = await app.get(target, { 'x-user': 'bob' }).catch(() => undefined)
        expect(bob?.body ?? '').not.toContain('alice')
      }
    })

    test('on a private route, another API key of the same user has a response of its own', async () => {
      await using app = await start(
        { scope: 'private', ttl: '1m', credentials: ['X-Api-Key'] },
        countingHandler(),
      )
      const users = [{ 'x-user': 'alice' }, { 'x-user': 'alice', 'x-api-key': '1' }]
      const requests = [...users, { 'x-user': 'alice', 'x-api-key': '2' }, ...users]
      const bodies = []
      for (const headers of requests) bodies.push((await app.get('/a', headers)).body)
      expect(bodies).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 1', 'answer 2'])
    })

    test('Cache-Status does not reveal keys', async () => {
      await using app = await start({ scope: 'private', ttl: '1m' }, countingHandler())
      for (let repeat = 0; repeat < 2; repeat += 1) {
        const { headers } = await app.get('/secret?token=hidden', { 'x-user': 'alice' })
        expect(headers['cache-status']).toMatch(/^larder; (hit|fwd=miss; stored)(; ttl=\d+)?$/)
        expect(JSON.stringify(headers)).not.toMatch(/alice|hidden/)
      }
    })
  })
}
