import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { sendAndDisconnect } from './client'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'
import { createLatch } from './latch'
import { waitUntil } from './wait-until'

/** Answers made of stored responses: conditions, ranges, validation, variants. */
export const reuseChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a stored response gets an entity tag, and 304 is the answer to a client that has it',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      await app.get('/a')
      const { headers } = await app.get('/a')
      const again = await app.get('/a', { 'if-none-match': String(headers.etag) })
      deepStrictEqual([again.status, again.body, again.headers['content-type']], [304, '', undefined])
      strictEqual((await app.get('/a', { 'if-none-match': '"another"' })).status, 200)
      strictEqual(app.runs, 1)
    },
  },
  {
    guarantee: 'a stored response repeats a field as often as the handler did',
    async verify(start) {
      await using app = await start({ allowSetCookie: true }, () => ({
        headers: { ...fresh, 'set-cookie': ['a=1', 'b=2'] },
        body: 'x',
      }))
      for (let repeat = 0; repeat < 2; repeat += 1)
        deepStrictEqual((await app.get('/a')).headers['set-cookie'], ['a=1', 'b=2'])
      strictEqual(app.runs, 1)
    },
  },
  {
    guarantee: 'a stored response answers HEAD and ranges',
    async verify(start) {
      await using app = await start({}, countingHandler({ ...fresh, etag: '"v1"' }))
      await app.get('/a')
      const head = await app.sendRequest('/a', { method: 'HEAD' })
      deepStrictEqual([head.status, head.body, head.headers['content-length']], [200, '', '8'])
      const part = await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v1"' })
      deepStrictEqual([part.status, part.body, part.headers['content-range']], [206, 'ans', 'bytes 0-2/8'])
      strictEqual((await app.get('/a', { range: 'bytes=0-2', 'if-range': '"v0"' })).body, 'answer 1')
      strictEqual((await app.get('/a', { range: 'bytes=99-' })).status, 416)
      strictEqual(app.runs, 1)
    },
  },
  {
    guarantee: 'a stored response is validated when it is stale, and a 304 updates its fields',
    async verify(start) {
      await using app = await start({}, (request) =>
        request.header('if-none-match') === '"v1"'
          ? { status: 304, headers: { ...fresh, etag: '"v1"', 'x-news': 'yes' } }
          : { headers: { ...fresh, etag: '"v1"' }, body: 'the body' },
      )
      await app.get('/a')
      app.advanceClock(61_000)
      for (let repeat = 0; repeat < 2; repeat += 1) {
        const { status, body, headers } = await app.get('/a')
        deepStrictEqual([status, body, headers['x-news']], [200, 'the body', 'yes'])
      }
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee:
      'a stored response that the handler confirms is sent with what the handler says about the request',
    async verify(start) {
      await using app = await start({ staleIfError: '1h' }, (request) => {
        const id = { 'x-request-id': String(request.header('x-number')) }
        if (request.header('x-number') === '3') return { status: 503, headers: id }
        return request.header('if-none-match') === '"v1"'
          ? { status: 304, headers: { ...fresh, ...id, etag: '"v1"' } }
          : { headers: { ...fresh, ...id, etag: '"v1"' }, body: 'the body' }
      })
      for (const number of ['1', '2', '3']) {
        const { status, headers } = await app.get('/a', { 'x-number': number })
        deepStrictEqual([status, headers['x-request-id']], [200, number])
        app.advanceClock(61_000)
      }
      strictEqual((await app.get('/a', { 'if-none-match': '"v1"' })).status, 304)
    },
  },
  {
    guarantee: 'a condition is answered alike on the first request and from the store, whatever the success',
    async verify(start) {
      const headers = { ...fresh, etag: '"v1"', 'x-request-id': '1' }
      await using app = await start({ ttl: '1m' }, ({ target }) => ({
        status: Number(target.slice(1, 4)),
        headers,
        body: 'x',
      }))
      for (const target of ['/203', '/203', '/404', '/404']) {
        const response = await app.get(target, { 'if-none-match': '"v1"' })
        strictEqual(response.status, target === '/203' ? 304 : 404)
      }
      strictEqual((await app.get('/203?other', { 'if-none-match': '"v1"' })).headers['x-request-id'], '1')
      strictEqual(app.runs, 3)
    },
  },
  {
    guarantee:
      'a stored response has one variant per value of its Vary fields, for any spelling of that value',
    async verify(start) {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, vary: 'Accept-Language' },
        body: `in ${request.header('accept-language')} ${Math.random()}`,
      }))
      const [german, english] = [
        await app.get('/a', { 'accept-language': 'de, en;q=0.5' }),
        await app.get('/a', { 'accept-language': 'en' }),
      ]
      strictEqual((await app.get('/a', { 'accept-language': 'DE,en; q=0.5' })).body, german.body)
      strictEqual((await app.get('/a', { 'accept-language': 'en' })).body, english.body)
      strictEqual(app.runs, 2)
    },
  },
]

/** `stale-while-revalidate` and `stale-if-error` (RFC 5861). */
export const staleReuseChecks: readonly HttpCheck[] = [
  {
    guarantee:
      'a stale response is served within staleWhileRevalidate while it is refreshed in the background',
    async verify(start) {
      await using app = await start({ staleWhileRevalidate: '1m' }, countingHandler(fresh))
      await app.get('/a')
      app.advanceClock(61_000)
      strictEqual((await app.get('/a')).body, 'answer 1')
      await waitUntil('the response is refreshed', async () => (await app.get('/a')).body === 'answer 2')
      strictEqual(app.runs, 2)
      app.advanceClock(121_000)
      strictEqual((await app.get('/a')).body, 'answer 3')
    },
  },
  {
    guarantee: 'a stale response is refreshed even if the client that triggered it has disconnected',
    async verify(start) {
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
      await waitUntil('the handler runs for the second time', () => app.runs === 2)
      open()
      await waitUntil('the response is refreshed', async () => (await app.get('/a')).body === 'answer 2')
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee: 'a stale response is served within staleIfError if the handler answers with an error',
    async verify(start) {
      let isBroken = false
      await using app = await start({ staleIfError: '1m' }, () =>
        isBroken ? { status: 503, body: 'broken' } : { headers: fresh, body: 'good' },
      )
      await app.get('/a')
      isBroken = true
      app.advanceClock(61_000)
      strictEqual((await app.get('/a')).body, 'good')
      app.advanceClock(60_000)
      strictEqual((await app.get('/a')).status, 503)
    },
  },
]
