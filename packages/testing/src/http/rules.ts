import { deepStrictEqual, match, strictEqual } from 'node:assert/strict'
import type { RouteRule } from '@larder/http'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

/** The options of routes. */
export const rulesChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a rule with ttl makes responses of its route fresh, and clients must validate them',
    async verify(start) {
      await using app = await start({ routes: { '/jobs/:id': { ttl: '1m' } } }, countingHandler())
      strictEqual((await app.get('/jobs/1')).headers['cache-control'], 'no-cache')
      strictEqual((await app.get('/jobs/1')).body, 'answer 1')
      strictEqual((await app.get('/jobs/2')).body, 'answer 2')
      strictEqual((await app.get('/other')).body, 'answer 3')
      strictEqual((await app.get('/other')).body, 'answer 4')
    },
  },
  {
    guarantee: 'a rule with ttl is overridden by the Cache-Control of the response',
    async verify(start) {
      await using app = await start({ ttl: '1h' }, countingHandler({ 'cache-control': 'no-store' }))
      await app.get('/a')
      strictEqual((await app.get('/a')).body, 'answer 2')
    },
  },
  {
    guarantee: 'a rule can derive ttl from the response and cacheIf from the request',
    async verify(start) {
      await using app = await start(
        {
          ttl: (response) => (response.headers.get('content-type')?.startsWith('text/plain') ? '1m' : 0),
          cacheIf: ({ query }) => !query.has('filter'),
        },
        countingHandler(),
      )
      await app.get('/a')
      strictEqual((await app.get('/a')).body, 'answer 1')
      await app.get('/a?filter=x')
      strictEqual((await app.get('/a?filter=x')).body, 'answer 3')
    },
  },
  {
    guarantee: 'a rule reads the fields of a request by names in any case',
    async verify(start) {
      const key: RouteRule['key'] = ({ headers }) => String(headers.get('X-Market'))
      await using app = await start({ routes: { '/rates': { ttl: '1m', key } } }, countingHandler())
      await app.get('/rates', { 'x-market': 'open' })
      strictEqual((await app.get('/rates', { 'x-market': 'closed' })).body, 'answer 2')
      strictEqual((await app.get('/rates', { 'X-Market': 'open' })).body, 'answer 1')
    },
  },
  {
    guarantee: 'a rule of false excludes its route from the cache',
    async verify(start) {
      await using app = await start({ routes: { '/live/*': false } }, countingHandler(fresh))
      await app.get('/live/x')
      strictEqual((await app.get('/live/x')).body, 'answer 2')
    },
  },
  {
    guarantee: 'a rule with query ignores other parameters and the order of parameters',
    async verify(start) {
      await using app = await start({ ttl: '1m', query: ['page', 'sort'] }, countingHandler())
      await app.get('/a?sort=up&page=2&utm_source=x')
      strictEqual((await app.get('/a?page=2&sort=up')).body, 'answer 1')
      strictEqual((await app.get('/a?page=3&sort=up')).body, 'answer 2')
    },
  },
  {
    guarantee: 'a rule with statuses stores errors and redirects, which ttl alone does not',
    async verify(start) {
      await using app = await start(
        { ttl: '1m', routes: { '/gone': { statuses: [404] } } },
        ({ target }) => ({
          status: target === '/moved' ? 302 : 404,
          headers: { location: '/x' },
        }),
      )
      for (const target of ['/missing', '/missing', '/moved', '/moved', '/gone', '/gone'])
        await app.get(target)
      strictEqual(app.runs, 5)
    },
  },
  {
    guarantee:
      'a rule with scope private stores one response per user, and requests without a user bypass the cache',
    async verify(start) {
      await using app = await start({ routes: { '/me': { ttl: '1m', scope: 'private' } } }, (request) => ({
        body: `for ${request.header('x-user')} ${Math.random()}`,
      }))
      const alice = await app.get('/me', { 'x-user': 'alice', authorization: 'token a' })
      const bob = await app.get('/me', { 'x-user': 'bob', authorization: 'token b' })
      strictEqual(alice.headers['cache-control'], 'private, no-cache')
      strictEqual((await app.get('/me', { 'x-user': 'alice' })).body, alice.body)
      match(String(bob.body), /^for bob/)
      await app.get('/me')
      await app.get('/me')
      strictEqual(app.runs, 4)
    },
  },
  {
    guarantee: 'a rule with refreshIf lets a request replace the stored response',
    async verify(start) {
      const refreshIf = ({ query }: { readonly query: URLSearchParams }) => query.has('force_refresh')
      await using app = await start({ ttl: '1m', query: ['page'], refreshIf }, countingHandler())
      await app.get('/a?page=1')
      strictEqual((await app.get('/a?page=1&force_refresh')).body, 'answer 2')
      strictEqual((await app.get('/a?page=1')).body, 'answer 2')
    },
  },
  {
    guarantee:
      'a rule with clientTtl lets browsers keep a response from each hit on, as private where the rule is',
    async verify(start) {
      const routes = { '/me': { scope: 'private' } } as const
      await using app = await start({ ttl: '1m', clientTtl: '90s', routes }, countingHandler())
      const me = await app.get('/me', { 'x-user': 'alice' })
      strictEqual(me.headers['cache-control'], 'private, max-age=90')
      strictEqual((await app.get('/a')).headers['cache-control'], 'max-age=90')
      app.advanceClock(40_000)
      const { headers } = await app.get('/a')
      strictEqual(headers['cache-control'], `max-age=${90 + Number(headers.age)}`)
    },
  },
  {
    guarantee: 'the responses of one user can be ended together',
    async verify(start) {
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
      deepStrictEqual(await bodiesOf('bob'), bob)
      const after = await bodiesOf('alice')
      deepStrictEqual(
        after.filter((body) => alice.includes(body)),
        [],
      )
    },
  },
  {
    guarantee:
      'with serverTiming, a response says how long the cache and the handler took, after what the handler itself has measured',
    async verify(start) {
      await using app = await start(
        { ttl: '1m', serverTiming: true, routes: { '/excluded': false } },
        countingHandler({ 'server-timing': 'db;dur=3' }),
      )
      const fromHandler = /^db;dur=3, cache;dur=\d+\.\d, handler;dur=\d+\.\d$/
      match(String((await app.get('/a')).headers['server-timing']), fromHandler)
      match(String((await app.get('/a')).headers['server-timing']), /^cache;dur=\d+\.\d$/)
      match(String((await app.get('/excluded')).headers['server-timing']), fromHandler)
      const post = await app.sendRequest('/a', { method: 'POST' })
      match(String(post.headers['server-timing']), fromHandler)
    },
  },
]
