import { until } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { sendAndLeave } from './client'
import type { StartFixture } from './fixture'
import { gate } from './gate'

const fresh = { 'cache-control': 'max-age=60' }
const bytes = (text: string) => new TextEncoder().encode(text)

/** Bodies that come piece by piece, are cut off, or never end. */
export function streamingPromises(start: StartFixture): void {
  describe('a body that comes piece by piece', () => {
    test('reaches the first client as it comes, and later ones from the store', async () => {
      const { open, opened } = gate()
      async function* pieces() {
        yield bytes('one ')
        await opened
        yield bytes('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: pieces() }))
      const first = sendAndLeave(app.port, '/left')
      await first
      const whole = app.get('/a')
      await until('both clients are served', () => app.runs === 2)
      open()
      expect((await whole).body).toBe('one two')
      expect((await app.get('/a')).body).toBe('one two')
      expect(app.runs).toBe(2)
    })

    test('and is larger than allowed is passed on whole and not stored', async () => {
      async function* pieces() {
        for (let at = 0; at < 20; at += 1) yield bytes('x'.repeat(1_000))
      }
      await using app = await start({ maxBodySize: 10_000 }, () => ({ headers: fresh, body: pieces() }))
      for (let at = 0; at < 2; at += 1) expect((await app.get('/a')).body.length).toBe(20_000)
      expect(app.runs).toBe(2)
    })

    test('and is cut off is never stored', async () => {
      let isBroken = true
      async function* pieces() {
        yield bytes('one ')
        if (isBroken) throw new Error('The source is gone.')
        yield bytes('two')
      }
      await using app = await start({}, () => ({ headers: fresh, body: pieces() }))
      const broken = await app.get('/a').catch(() => undefined)
      expect(broken?.isWhole ?? false).toBe(false)
      isBroken = false
      expect((await app.get('/a')).body).toBe('one two')
    })

    test('and is shorter than announced is not stored', async () => {
      let announced = '100'
      async function* pieces() {
        yield bytes('short')
      }
      await using app = await start({}, () => ({
        headers: { ...fresh, 'content-length': announced },
        body: pieces(),
      }))
      await app.get('/a').catch(() => undefined)
      announced = '5'
      expect((await app.get('/a')).body).toBe('short')
      expect(app.runs).toBe(2)
    })
  })

  describe('whoever waits for the response that another caller is having made', () => {
    test('gets an answer when that caller hangs up', async () => {
      let runs = 0
      async function* endless() {
        for (;;) {
          yield bytes('x'.repeat(10_000))
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await using app = await start({ maxBodySize: 100_000_000 }, () => {
        runs += 1
        return { headers: fresh, body: runs === 1 ? endless() : 'whole' }
      })
      const leaving = sendAndLeave(app.port, '/a')
      await until('the handler runs', () => app.runs === 1)
      const waiting = app.get('/a')
      await leaving
      expect((await waiting).body).toBe('whole')
    })

    test('gets an answer of its own when the handler fails for that caller', async () => {
      const { open, opened } = gate()
      let runs = 0
      await using app = await start({ ttl: '1m' }, async () => {
        runs += 1
        if (runs > 1) return { body: 'good' }
        await opened
        throw new Error('The handler failed.')
      })
      const first = app.get('/a')
      await until('the handler runs', () => app.runs === 1)
      const second = app.get('/a')
      await until('the second waits for it', () => app.cache.stats().joins === 1)
      // The second is told of the first one's end, and of nothing else.
      open()
      expect((await first).status).toBe(500)
      expect((await second).body).toBe('good')
    })
  })

  test('a response that is not stored goes out as it would without a cache', async () => {
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
