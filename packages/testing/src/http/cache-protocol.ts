import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

/** `Cache-Control` of requests (RFC 9111 §5.2.1). */
export const clientDirectivesChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a client can force a new response only on routes with allowRefresh',
    async verify(start) {
      await using app = await start({ routes: { '/open': { allowRefresh: true } } }, countingHandler(fresh))
      for (const target of ['/closed', '/open']) {
        await app.get(target)
        await app.get(target, { 'cache-control': 'no-cache' })
        await app.get(target, { 'cache-control': 'max-age=0' })
      }
      strictEqual(app.runs, 1 + 3)
    },
  },
  {
    guarantee: 'a client can demand a stored response by only-if-cached, and prevent storing by no-store',
    async verify(start) {
      await using app = await start({}, countingHandler(fresh))
      strictEqual((await app.get('/a', { 'cache-control': 'only-if-cached' })).status, 504)
      await app.get('/a', { 'cache-control': 'no-store' })
      await app.get('/a')
      strictEqual(app.runs, 2)
      strictEqual((await app.get('/a', { 'cache-control': 'only-if-cached' })).body, 'answer 2')
    },
  },
]

/** The fields for CDNs, and those from the handler for this cache alone. */
export const downstreamCachesChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a CDN receives a lifetime and tags for each response, and the tags to purge',
    async verify(start) {
      const purged: string[] = []
      await using app = await start(
        {
          routes: { '/jobs/:id': { ttl: '1m', cdnTtl: '1h', tags: ({ params }) => [`job:${params.id}`] } },
          tagField: 'surrogate-key',
          purge: (tags) => purged.push(...tags),
        },
        countingHandler(),
      )
      strictEqual((await app.get('/jobs/7')).headers['cdn-cache-control'], 'max-age=3600')
      match(String((await app.get('/jobs/7')).headers['surrogate-key']), /^job:7 job ~[a-z0-9]+$/)
      await app.cache.invalidate('job:7')
      deepStrictEqual(purged, ['job:7', 'job:~all', '~all'])
    },
  },
  {
    guarantee: 'a CDN receives no more tags than a head has room for, and purges what they stand for',
    async verify(start) {
      const purged: string[] = []
      await using app = await start(
        { ttl: '1m', tagField: 'surrogate-key', purge: (tags) => purged.push(...tags) },
        ({ larder }) => {
          for (let job = 0; job < 2_000; job += 1) larder.tag(`job:${job}`)
          return { body: 'jobs' }
        },
      )
      for (const { headers } of [await app.get('/jobs'), await app.get('/jobs')])
        match(String(headers['surrogate-key']), /^job:~all ~[a-z0-9]+$/)
      await app.cache.invalidate('job:1999')
      ok(purged.includes('job:~all'))
    },
  },
  {
    guarantee: 'a targeted field overrides Cache-Control (RFC 9213)',
    async verify(start) {
      await using app = await start(
        {},
        countingHandler({ 'cache-control': 'no-store', 'larder-cache-control': 'max-age=60' }),
      )
      await app.get('/a')
      strictEqual((await app.get('/a')).body, 'answer 1')
    },
  },
]
