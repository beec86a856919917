import { deepStrictEqual, match, strictEqual } from 'node:assert/strict'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'
import { createLatch } from './latch'

/** The application behaves as it does without the cache. */
export const transparencyChecks: readonly HttpCheck[] = [
  ...(
    [
      ['without a rule', {}],
      ['with a ttl', { ttl: '1m' }],
    ] as const
  ).map(
    ([situation, options]): HttpCheck => ({
      guarantee: `${situation}, a client that knows the response gets 304`,
      async verify(start) {
        await using app = await start(options, (request) => {
          const isKnown = request.header('if-none-match') === '"v1"'
          return {
            status: isKnown ? 304 : 200,
            headers: { etag: '"v1"' },
            body: isKnown ? undefined : 'page',
          }
        })
        for (const target of ['/a', '/a', '/b']) {
          const { status, body } = await app.get(target, { 'if-none-match': '"v1"' })
          deepStrictEqual([status, body], [304, ''])
        }
      },
    }),
  ),
  {
    guarantee: 'a stored 204 has no Content-Length',
    async verify(start) {
      await using app = await start({ ttl: '1m', statuses: [204] }, () => ({ status: 204 }))
      for (let request = 0; request < 2; request += 1) {
        const { status, headers } = await app.get('/a')
        deepStrictEqual([status, headers['content-length']], [204, undefined])
      }
      strictEqual(app.runs, 1)
    },
  },
  {
    guarantee: "another cache's Cache-Status precedes the own, on misses and hits",
    async verify(start) {
      await using app = await start({}, countingHandler({ ...fresh, 'cache-status': 'origin; hit' }))
      strictEqual((await app.get('/a')).headers['cache-status'], 'origin; hit, larder; fwd=miss; stored')
      match(String((await app.get('/a')).headers['cache-status']), /^origin; hit, larder; hit; ttl=\d+$/)
    },
  },
  {
    guarantee: 'fields that describe one request are sent to its client, and neither stored nor replayed',
    async verify(start) {
      const names = ['ratelimit', 'x-ratelimit-remaining', 'x-request-id', 'traceresponse', 'server-timing']
      let runs = 0
      await using app = await start({ ttl: '1m' }, () => {
        runs += 1
        return { headers: Object.fromEntries(names.map((name) => [name, `a;dur=${runs}`])), body: 'page' }
      })
      const read = async () => {
        const { headers } = await app.get('/a')
        return names.map((name) => headers[name])
      }
      deepStrictEqual(
        await read(),
        names.map(() => 'a;dur=1'),
      )
      deepStrictEqual(
        await read(),
        names.map(() => undefined),
      )
    },
  },
  {
    guarantee: 'a response that hands a token to its client is not stored',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler({ 'x-csrf-token': 'a' }))
      await app.get('/a')
      strictEqual((await app.get('/a')).body, 'answer 2')
    },
  },
  {
    guarantee: 'a response with 429 is not stored, whatever it says',
    async verify(start) {
      const refuse = () => ({ status: 429, headers: { 'cache-control': 'public, max-age=60' } })
      await using app = await start({}, refuse)
      for (let request = 0; request < 2; request += 1) await app.get('/a')
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee:
      'a request that bypasses the cache has no Cache-Status, or one that says why if the application asks for it',
    async verify(start) {
      const routes = { '/excluded': false } as const
      await using silent = await start({ routes }, countingHandler())
      strictEqual((await silent.get('/excluded')).headers['cache-status'], undefined)
      await using telling = await start(
        { routes, cacheStatus: { name: 'edge', bypass: true } },
        countingHandler(),
      )
      const { headers } = await telling.get('/excluded')
      strictEqual(headers['cache-status'], 'edge; fwd=bypass; detail=excluded')
    },
  },
  {
    guarantee: 'a request whose key is long is cached like others',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const long = { 'x-forwarded-host': 'x'.repeat(5_000) }
      const first = await app.get('/a', long)
      strictEqual(first.status, 200)
      for (const more of [{}, { 'cache-control': 'only-if-cached' }])
        deepStrictEqual((await app.get('/a', { ...long, ...more })).body, first.body)
      const otherHost = { ...long, 'x-forwarded-host': 'y'.repeat(5_000), 'cache-control': 'only-if-cached' }
      strictEqual((await app.get('/a', otherHost)).status, 504)
    },
  },
  {
    guarantee: 'a client that has its change confirmed reads it in the next request',
    async verify(start) {
      let state = 0
      await using app = await start({ ttl: '1h' }, ({ method }) => {
        if (method === 'PUT') state += 1
        return { body: String(state) }
      })
      const { open, opened } = createLatch()
      let isDone = false
      const readers = Array.from({ length: 4 }, async () => {
        await opened
        while (!isDone) await app.get('/a')
      })
      open()
      for (let write = 1; write <= 30; write += 1) {
        await app.sendRequest('/a', { method: 'PUT' })
        strictEqual(Number((await app.get('/a')).body), write)
      }
      isDone = true
      await Promise.all(readers)
    },
  },
]
