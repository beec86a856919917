import { describe, expect, test } from 'vitest'
import { sendAndDisconnect } from './client'
import { fresh, type StartFixture } from './fixture'
import { createLatch } from './latch'

const encodeText = (text: string) => new TextEncoder().encode(text)

/** Bodies in chunks, incomplete bodies, and bodies without an end. */
export function describeStreaming(start: StartFixture): void {
  describeStreamedBodies(start)
  describeWaitingRequests(start)

  test('a response that is not stored is sent as it would be without a cache', async () => {
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
    const { date: _ignored, ...fields } = expected.headers
    expect(actual).toMatchObject({ status: 201, body: 'as it is', headers: fields })
    expect(Object.keys(actual.headers).toSorted()).toEqual(Object.keys(expected.headers).toSorted())
  })
}

function describeStreamedBodies(start: StartFixture): void {
  describe('a streamed body', () => {
    test('reaches the first client chunk by chunk, and later clients from the store', async () => {
      const { open, opened } = createLatch()
      async function* streamSlowly() {
        yield encodeText('one ')
        await opened
        yield encodeText('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: streamSlowly() }))
      await sendAndDisconnect(app.port, '/left')
      const whole = app.get('/a')
      await expect.poll(() => app.runs).toBe(2)
      open()
      expect((await whole).body).toBe('one two')
      expect((await app.get('/a')).body).toBe('one two')
      expect(app.runs).toBe(2)
    })

    test('larger than maxBodySize passes through whole and is not stored', async () => {
      async function* streamLargeBody() {
        for (let chunk = 0; chunk < 20; chunk += 1) yield encodeText('x'.repeat(1_000))
      }
      await using app = await start({ maxBodySize: 10_000 }, () => ({
        headers: fresh,
        body: streamLargeBody(),
      }))
      for (let repeat = 0; repeat < 2; repeat += 1) expect((await app.get('/a')).body.length).toBe(20_000)
      expect(app.runs).toBe(2)
    })

    test('that is cut off is not stored', async () => {
      let isBroken = true
      async function* streamUntilBroken() {
        yield encodeText('one ')
        if (isBroken) throw new Error('The source is gone.')
        yield encodeText('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: streamUntilBroken() }))
      const broken = await app.get('/a').catch(() => undefined)
      expect(broken?.isWhole ?? false).toBe(false)
      isBroken = false
      expect((await app.get('/a')).body).toBe('one two')
    })

    test('shorter than its Content-Length is not stored', async () => {
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
      expect((await app.get('/a')).body).toBe('short')
      expect(app.runs).toBe(2)
    })
  })
}

function describeWaitingRequests(start: StartFixture): void {
  describe("a request that waits for another request's run of the handler", () => {
    test('gets its own response if the other client disconnects', async () => {
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
      await expect.poll(() => app.runs).toBe(1)
      const waiting = app.get('/a')
      await leaving
      expect((await waiting).body).toBe('whole')
    })

    test('gets its own response if the handler fails for the other one', async () => {
      const { open, opened } = createLatch()
      let runs = 0
      await using app = await start({ ttl: '1m' }, async () => {
        runs += 1
        if (runs > 1) return { body: 'good' }
        await opened
        throw new Error('The handler failed.')
      })
      const first = app.get('/a')
      await expect.poll(() => app.runs).toBe(1)
      const second = app.get('/a')
      await expect.poll(() => app.cache.stats().joins).toBe(1)
      open()
      expect((await first).status).toBe(500)
      expect((await second).body).toBe('good')
    })
  })
}
