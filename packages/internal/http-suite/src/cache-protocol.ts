import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** `Cache-Control` of requests (RFC 9111 §5.2.1). */
export function describeClientDirectives(start: StartFixture): void {
  describe('a client', () => {
    test('can force a new response only on routes with allowRefresh', async () => {
      await using app = await start({ routes: { '/open': { allowRefresh: true } } }, countingHandler(fresh))
      for (const target of ['/closed', '/open']) {
        await app.get(target)
        await app.get(target, { 'cache-control': 'no-cache' })
        await app.get(target, { 'cache-control': 'max-age=0' })
      }
      expect(app.runs).toBe(1 + 3)
    })

    test('can demand a stored response by only-if-cached, and prevent storing by no-store', async () => {
      await using app = await start({}, countingHandler(fresh))
      expect((await app.get('/a', { 'cache-control': 'only-if-cached' })).status).toBe(504)
      await app.get('/a', { 'cache-control': 'no-store' })
      await app.get('/a')
      expect(app.runs).toBe(2)
      expect((await app.get('/a', { 'cache-control': 'only-if-cached' })).body).toBe('answer 2')
    })
  })
}

/** The fields for CDNs, and those from the handler for this cache alone. */
export function describeDownstreamCaches(start: StartFixture): void {
  test('a CDN receives a lifetime and tags for each response, and the tags to purge', async () => {
    const purged: string[] = []
    await using app = await start(
      {
        routes: { '/jobs/:id': { ttl: '1m', cdnTtl: '1h', tags: ({ params }) => [`job:${params.id}`] } },
        tagField: 'surrogate-key',
        purge: (tags) => purged.push(...tags),
      },
      countingHandler(),
    )
    expect((await app.get('/jobs/7')).headers['cdn-cache-control']).toBe('max-age=3600')
    expect((await app.get('/jobs/7')).headers['surrogate-key']).toMatch(/^job:7 job ~[a-z0-9]+$/)
    await app.cache.invalidate('job:7')
    expect(purged).toEqual(['job:7', 'job:~all', '~all'])
  })

  test('a CDN receives no more tags than a head has room for, and purges what they stand for', async () => {
    const purged: string[] = []
    await using app = await start(
      { ttl: '1m', tagField: 'surrogate-key', purge: (tags) => purged.push(...tags) },
      ({ larder }) => {
        for (let job = 0; job < 2_000; job += 1) larder.tag(`job:${job}`)
        return { body: 'jobs' }
      },
    )
    for (const { headers } of [await app.get('/jobs'), await app.get('/jobs')])
      expect(headers['surrogate-key']).toMatch(/^job:~all ~[a-z0-9]+$/)
    await app.cache.invalidate('job:1999')
    expect(purged).toContain('job:~all')
  })

  test('a targeted field overrides Cache-Control (RFC 9213)', async () => {
    await using app = await start(
      {},
      countingHandler({ 'cache-control': 'no-store', 'larder-cache-control': 'max-age=60' }),
    )
    await app.get('/a')
    expect((await app.get('/a')).body).toBe('answer 1')
  })
}
