import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { sendAndDisconnect } from './client'
import { fresh } from './fixture'
import type { HttpCheck } from './http-check'
import { createLatch } from './latch'
import { waitUntil } from './wait-until'

const encodeText = (text: string) => new TextEncoder().encode(text)

const streamedBodyChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a streamed body reaches the first client chunk by chunk, and later clients from the store',
    async verify(start) {
      const { open, opened } = createLatch()
      async function* streamSlowly() {
        yield encodeText('one ')
        await opened
        yield encodeText('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: streamSlowly() }))
      await sendAndDisconnect(app.port, '/left')
      const whole = app.get('/a')
      await waitUntil('the handler runs for the second time', () => app.runs === 2)
      open()
      strictEqual((await whole).body, 'one two')
      strictEqual((await app.get('/a')).body, 'one two')
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee: 'a streamed body larger than maxBodySize passes through whole and is not stored',
    async verify(start) {
      async function* streamLargeBody() {
        for (let chunk = 0; chunk < 20; chunk += 1) yield encodeText('x'.repeat(1_000))
      }
      await using app = await start({ maxBodySize: 10_000 }, () => ({
        headers: fresh,
        body: streamLargeBody(),
      }))
      for (let repeat = 0; repeat < 2; repeat += 1) strictEqual((await app.get('/a')).body.length, 20_000)
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee: 'a streamed body that is cut off is not stored',
    async verify(start) {
      let isBroken = true
      async function* streamUntilBroken() {
        yield encodeText('one ')
        if (isBroken) throw new Error('The source is gone.')
        yield encodeText('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: streamUntilBroken() }))
      const broken = await app.get('/a').catch(() => undefined)
      strictEqual(broken?.isWhole ?? false, false)
      isBroken = false
      strictEqual((await app.get('/a')).body, 'one two')
    },
  },
  {
    guarantee: 'a streamed body shorter than its Content-Length is not stored',
    async verify(start) {
      let announced = '100'
      async function* streamShortBody() {
        yield encodeText('short')
      }
      await using app = await start({}, () => ({
        headers: { ...fresh, 'content-length': announced },
        body: streamShortBody(),
      }))
      await app.get('/a').catch(() => undefined)
      announced = '5'
      strictEqual((await app.get('/a')).body, 'short')
      strictEqual(app.runs, 2)
    },
  },
]

const waitingRequestChecks: readonly HttpCheck[] = [
  {
    guarantee:
      "a request that waits for another request's run of the handler gets its own response if the other client disconnects",
    async verify(start) {
      let runs = 0
      async function* streamEndlessly() {
        for (;;) {
          yield encodeText('x'.repeat(10_000))
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await using app = await start({ maxBodySize: 100_000_000 }, () => {
        runs += 1
        return { headers: fresh, body: runs === 1 ? streamEndlessly() : 'whole' }
      })
      const leaving = sendAndDisconnect(app.port, '/a')
      await waitUntil('the handler runs for the first time', () => app.runs === 1)
      const waiting = app.get('/a')
      await leaving
      strictEqual((await waiting).body, 'whole')
    },
  },
  {
    guarantee:
      "a request that waits for another request's run of the handler gets its own response if the handler fails for the other one",
    async verify(start) {
      const { open, opened } = createLatch()
      let runs = 0
      await using app = await start({ ttl: '1m' }, async () => {
        runs += 1
        if (runs > 1) return { body: 'good' }
        await opened
        throw new Error('The handler failed.')
      })
      const first = app.get('/a')
      await waitUntil('the handler runs for the first time', () => app.runs === 1)
      const second = app.get('/a')
      await waitUntil('a request waits', () => app.cache.stats().joins === 1)
      open()
      strictEqual((await first).status, 500)
      strictEqual((await second).body, 'good')
    },
  },
]

/** Bodies in chunks, incomplete bodies, and bodies without an end. */
export const streamingChecks: readonly HttpCheck[] = [
  ...streamedBodyChecks,
  ...waitingRequestChecks,
  {
    guarantee: 'a response that is not stored is sent as it would be without a cache',
    async verify(start) {
      const reply = {
        status: 201,
        headers: {
          'content-type': 'text/plain',
          'cache-control': 'no-store',
          'x-own': ['a', 'b'],
          etag: '"v1"',
        },
        body: 'as it is',
      }
      await using plain = await start({ routes: { '/*': false } }, () => reply)
      await using cached = await start({ ttl: '1m' }, () => reply)
      const [expected, actual] = [await plain.get('/a'), await cached.get('/a')]
      deepStrictEqual([actual.status, actual.body], [201, 'as it is'])
      const { date } = expected.headers
      deepStrictEqual({ ...actual.headers, date }, expected.headers)
    },
  },
]
