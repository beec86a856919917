import { describe, expect, test } from 'vitest'
import { sendAndDisconnect } from './client'
import { countingHandler, fresh, type StartFixture } from './fixture'
import { createLatch } from './latch'

/** Answers made of stored responses: conditions, ranges, validation, variants. */
export function describeReuse(start: StartFixture): void {
  describe('a stored response', () => {
    test('gets an entity tag, and 304 is the answer to a client that has it', async () => {
      await using app = await start({ ttl: '1m' }, countingHandler())
      await app.get('/a')
      const { headers } = await app.get('/a')
      const again = await app.get('/a', { 'if-none-match': String(headers.etag) })
      expect([again.status, again.body, again.headers['content-type']]).toEqual([304, '', undefined])
      expect((await app.get('/a', { 'if-none-match': '"another"' })).status).toBe(200)
      expect(app.runs).toBe(1)
    })

    test('repeats a field as often as the handler did', async () => {
      await using app = await start({ allowSetCookie: true }, () => ({
        headers: { ...fresh, 'set-cookie': ['a=1', 'b=2'] },
        body: 'x',
      }))
      for (let repeat = 0; repeat < 2; repeat += 1)
        expect((await app.get('/a')).headers['set-cookie']).toEqual(['a=1', 'b=2'])
      expect(app.runs).toBe(1)
    })

    test('answers HEAD and ranges', async () => {
      await using app = await start({}, countingHandler({ ...fresh, etag: '"v1"' }))
      await app.get('/a')
      const head = await app.sendRequest('/a', { method: 'HEAD' })
      expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '8'])
      const part = await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v1"' })
      expect([part.status, part.body, part.headers['content-range']]).toEqual([206, 'ans', 'bytes 0-2/8'])
      expect((await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v0"' })).body).toBe('answer 1')
      expect((await app.get('/a', { range: 'bytes=99-' })).status).toBe(416)
      expect(app.runs).toBe(1)
    })

    test('is validated when it is stale, and a 304 updates its fields', async () => {
      await using app = await start({}, (request) =>
        request.header('if-none-match') === '"v1"'
          ? { status: 304, headers: { ...fresh, etag: '"v1"', 'x-news': 'yes' } }
          : { headers: { ...fresh, etag: '"v1"' }, body: 'the body' },
      )
      await app.get('/a')
      app.advanceClock(61_000)
      for (let repeat = 0; repeat < 2; repeat += 1) {
        const { status, body, headers } = await app.get('/a')
        expect([status, body, headers['x-news']]).toEqual([200, 'the body', 'yes'])
      }
      expect(app.runs).toBe(2)
    })

    test('has one variant per value of its Vary fields, for any spelling of that value', async () => {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, vary: 'Accept-Language' },
        body: `in ${request.header('accept-language')} ${Math.random()}`,
      }))
      const [german, english] = [
        await app.get('/a', { 'accept-language': 'de, en;q=0.5' }),
        await app.get('/a', { 'accept-language': 'en' }),
      ]
      expect((await app.get('/a', { 'accept-language': 'DE,en; q=0.5' })).body).toBe(german.body)
      expect((await app.get('/a', { 'accept-language': 'en' })).body).toBe(english.body)
      expect(app.runs).toBe(2)
    })
  })
}

/** `stale-while-revalidate` and `stale-if-error` (RFC 5861). */
export function describeStaleReuse(start: StartFixture): void {
  describe('a stale response', () => {
    test('is served within staleWhileRevalidate while it is refreshed in the background', async () => {
      await using app = await start({ staleWhileRevalidate: '1m' }, countingHandler(fresh))
      await app.get('/a')
      app.advanceClock(61_000)
      expect((await app.get('/a')).body).toBe('answer 1')
      await expect.poll(async () => (await app.get('/a')).body).toBe('answer 2')
      expect(app.runs).toBe(2)
      app.advanceClock(121_000)
      expect((await app.get('/a')).body).toBe('answer 3')
    })

    test('is refreshed even if the client that triggered it has disconnected', async () => {
      const { open, opened } = createLatch()
      let runs = 0
      await using app = await start({ staleWhileRevalidate: '1m' }, async () => {
        runs += 1
        if (runs > 1) await opened
        return { headers: fresh, body: `answer ${runs}` }
      })
      await app.get('/a')
      app.advanceClock(61_000)
      await sendAndDisconnect(app.port, '/a')
      await expect.poll(() => app.runs).toBe(2)
      open()
      await expect.poll(async () => (await app.get('/a')).body).toBe('answer 2')
      expect(app.runs).toBe(2)
    })

    test('is served within staleIfError if the handler answers with an error', async () => {
      let isBroken = false
      await using app = await start({ staleIfError: '1m' }, () =>
        isBroken ? { status: 503, body: 'broken' } : { headers: fresh, body: 'good' },
      )
      await app.get('/a')
      isBroken = true
      app.advanceClock(61_000)
      expect((await app.get('/a')).body).toBe('good')
      app.advanceClock(60_000)
      expect((await app.get('/a')).status).toBe(503)
    })
  })
}
