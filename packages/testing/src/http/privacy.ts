import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert/strict'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

/** Fields that say who sends a request. */
const credentials: readonly (readonly [name: string, fields: Readonly<Record<string, string>>])[] = [
  ['Authorization', { authorization: 'token a' }],
  ['a cookie', { cookie: 'session=a' }],
]

/** Attempts to receive a response that is meant for another user. */
export const privacyChecks: readonly HttpCheck[] = [
  ...credentials.map(
    ([situation, request]): HttpCheck => ({
      guarantee: `a personal response is not shared: one to a request with ${situation} only if its Cache-Control is public`,
      async verify(start) {
        await using app = await start({}, countingHandler(fresh))
        await app.get('/a', request)
        strictEqual((await app.get('/a')).body, 'answer 2')
        await using shared = await start({}, countingHandler({ 'cache-control': 'public, max-age=60' }))
        await shared.get('/a', request)
        strictEqual((await shared.get('/a')).body, 'answer 1')
      },
    }),
  ),
  ...credentials.map(
    ([situation, request]): HttpCheck => ({
      guarantee: `a personal response is not shared: ttl alone neither stores responses to requests with ${situation} nor serves them stored ones`,
      async verify(start) {
        await using app = await start({ ttl: '1m' }, countingHandler())
        for (const headers of [request, undefined, request, undefined]) await app.get('/a', headers)
        strictEqual(app.runs, 3)
        await using shared = await start({ ttl: '1m', scope: 'public' }, countingHandler())
        for (const headers of [request, undefined, request]) await shared.get('/a', headers)
        strictEqual(shared.runs, 1)
      },
    }),
  ),
  ...[
    ['private', { 'cache-control': 'private, max-age=60' }],
    ['no-store', { 'cache-control': 'no-store, max-age=60' }],
    ['Vary: *', { ...fresh, vary: '*' }],
    ['an event stream', { ...fresh, 'content-type': 'text/event-stream' }],
    ['Set-Cookie', { ...fresh, 'set-cookie': 'session=a' }],
  ].map(
    ([situation, headers]): HttpCheck => ({
      guarantee: `a personal response is not shared: a response with ${situation} is not stored`,
      async verify(start) {
        await using app = await start({}, countingHandler(headers as Record<string, string>))
        await app.get('/a')
        const { body, headers: received } = await app.get('/a')
        strictEqual(body, 'answer 2')
        strictEqual(received.age, undefined)
      },
    }),
  ),
  {
    guarantee: 'a personal response is not shared: a private route applies to every spelling of its path',
    async verify(start) {
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
        ok(!(bob?.body ?? '').includes('alice'))
      }
    },
  },
  {
    guarantee:
      'a personal response is not shared: on a private route, another API key of the same user has a response of its own',
    async verify(start) {
      await using app = await start(
        { scope: 'private', ttl: '1m', credentials: ['X-Api-Key'] },
        countingHandler(),
      )
      const users = [{ 'x-user': 'alice' }, { 'x-user': 'alice', 'x-api-key': '1' }]
      const requests = [...users, { 'x-user': 'alice', 'x-api-key': '2' }, ...users]
      const bodies = []
      for (const headers of requests) bodies.push((await app.get('/a', headers)).body)
      deepStrictEqual(bodies, ['answer 1', 'answer 2', 'answer 3', 'answer 1', 'answer 2'])
    },
  },
  {
    guarantee: 'a personal response is not shared: Cache-Status does not reveal keys',
    async verify(start) {
      await using app = await start({ scope: 'private', ttl: '1m' }, countingHandler())
      for (let repeat = 0; repeat < 2; repeat += 1) {
        const { headers } = await app.get('/secret?token=hidden', { 'x-user': 'alice' })
        match(String(headers['cache-status']), /^larder; (hit|fwd=miss; stored)(; ttl=\d+)?$/)
        doesNotMatch(String(JSON.stringify(headers)), /alice|hidden/)
      }
    },
  },
]
