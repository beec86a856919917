import { until } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { sendAndLeave } from './client'
import { counting, type StartFixture } from './fixture'
import { gate } from './gate'

const fresh = { 'cache-control': 'max-age=60' }

/** How what is stored answers: conditions, parts, staleness, and what others are told. */
export function reusePromises(start: StartFixture): void {
  describe('a stored response', () => {
    test('gets an entity tag, and answers who has it already with 304', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      await app.get('/a')
      const { headers } = await app.get('/a')
      const again = await app.get('/a', { 'if-none-match': String(headers.etag) })
      expect([again.status, again.body, again.headers['content-type']]).toEqual([304, '', undefined])
      expect((await app.get('/a', { 'if-none-match': '"another"' })).status).toBe(200)
      expect(app.runs).toBe(1)
    })

    test('has a field as often as the handler set it', async () => {
      await using app = await start({ allowSetCookie: true }, () => ({
        headers: { ...fresh, 'set-cookie': ['a=1', 'b=2'] },
        body: 'x',
      }))
      for (let at = 0; at < 2; at += 1)
        expect((await app.get('/a')).headers['set-cookie']).toEqual(['a=1', 'b=2'])
      expect(app.runs).toBe(1)
    })

    test('answers HEAD and ranges', async () => {
      await using app = await start({}, counting({ ...fresh, etag: '"v1"' }))
      await app.get('/a')
      const head = await app.send('/a', { method: 'HEAD' })
      expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '8'])
      const part = await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v1"' })
      expect([part.status, part.body, part.headers['content-range']]).toEqual([206, 'ans', 'bytes 0-2/8'])
      expect((await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v0"' })).body).toBe('answer 1')
      expect((await app.get('/a', { range: 'bytes=99-' })).status).toBe(416)
      expect(app.runs).toBe(1)
    })

    test('is asked after by its validators when it is no longer fresh, and kept with news of its fields', async () => {
      await using app = await start({}, (request) =>
        request.header('if-none-match') === '"v1"'
          ? { status: 304, headers: { ...fresh, etag: '"v1"', 'x-news': 'yes' } }
          : { headers: { ...fresh, etag: '"v1"' }, body: 'the body' },
      )
      await app.get('/a')
      app.later(61_000)
      for (let at = 0; at < 2; at += 1) {
        const { status, body, headers } = await app.get('/a')
        expect([status, body, headers['x-news']]).toEqual([200, 'the body', 'yes'])
      }
      expect(app.runs).toBe(2)
    })

    test('is one of several variants, each stored once however its request was spelled', async () => {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, vary: 'Accept-Language' },
        body: `in ${request.header('accept-language')} ${Math.random()}`,
      }))
      const [german, english] = [
        await app.get('/a', { 'accept-language': 'de, en;q=0.5' }),
        await app.get('/a', { 'accept-language': 'en' }),
      ]
      expect((await app.get('/a', { 'accept-language': 'en;q=0.5,DE' })).body).toBe(german.body)
      expect((await app.get('/a', { 'accept-language': 'en' })).body).toBe(english.body)
      expect(app.runs).toBe(2)
    })

    test('is served stale while a new one is made, for as long as allowed', async () => {
      await using app = await start({ staleWhileRevalidate: '1m' }, counting(fresh))
      await app.get('/a')
      app.later(61_000)
      expect((await app.get('/a')).body).toBe('answer 1')
      await until('the new one is there', async () => (await app.get('/a')).body === 'answer 2')
      expect(app.runs).toBe(2)
      app.later(121_000)
      expect((await app.get('/a')).body).toBe('answer 3')
    })

    test('is made anew though the client who found it stale has gone', async () => {
      const { open, opened } = gate()
      let runs = 0
      await using app = await start({ staleWhileRevalidate: '1m' }, async () => {
        runs += 1
        if (runs > 1) await opened
        return { headers: fresh, body: `answer ${runs}` }
      })
      await app.get('/a')
      app.later(61_000)
      await sendAndLeave(app.port, '/a')
      await until('it is being made anew', () => app.runs === 2)
      open()
      await until('the new one is there', async () => (await app.get('/a')).body === 'answer 2')
      expect(app.runs).toBe(2)
    })

    test('steps in for an error, for as long as allowed', async () => {
      let isBroken = false
      await using app = await start({ staleIfError: '1m' }, () =>
        isBroken ? { status: 503, body: 'broken' } : { headers: fresh, body: 'good' },
      )
      await app.get('/a')
      isBroken = true
      app.later(61_000)
      expect((await app.get('/a')).body).toBe('good')
      app.later(60_000)
      expect((await app.get('/a')).status).toBe(503)
    })
  })

  describe('a client', () => {
    test('can demand something newer only where the application allows it', async () => {
      await using app = await start({ routes: { '/open': { allowRefresh: true } } }, counting(fresh))
      for (const target of ['/closed', '/open']) {
        await app.get(target)
        await app.get(target, { 'cache-control': 'no-cache' })
        await app.get(target, { 'cache-control': 'max-age=0' })
      }
      expect(app.runs).toBe(1 + 3)
    })

    test('can ask for what is stored and nothing else, and have its own response not stored', async () => {
      await using app = await start({}, counting(fresh))
      expect((await app.get('/a', { 'cache-control': 'only-if-cached' })).status).toBe(504)
      await app.get('/a', { 'cache-control': 'no-store' })
      await app.get('/a')
      expect(app.runs).toBe(2)
      expect((await app.get('/a', { 'cache-control': 'only-if-cached' })).body).toBe('answer 2')
    })
  })

  test('a CDN is told how long it may keep a response, what it depends on, and what to purge', async () => {
    const purged: string[] = []
    await using app = await start(
      {
        routes: { '/jobs/:id': { ttl: '1m', cdnTtl: '1h', tags: ({ params }) => [`job:${params.id}`] } },
        tagField: 'surrogate-key',
        purge: (tags) => purged.push(...tags),
      },
      counting(),
    )
    expect((await app.get('/jobs/7')).headers['cdn-cache-control']).toBe('max-age=3600')
    expect((await app.get('/jobs/7')).headers['surrogate-key']).toBe('job:7')
    await app.cache.invalidate('job:7')
    expect(purged).toEqual(['job:7'])
  })

  test('fields for this cache alone count before those for everybody (RFC 9213)', async () => {
    await using app = await start(
      {},
      counting({ 'cache-control': 'no-store', 'larder-cache-control': 'max-age=60' }),
    )
    await app.get('/a')
    expect((await app.get('/a')).body).toBe('answer 1')
  })
}
