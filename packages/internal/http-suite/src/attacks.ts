import { describe, expect, test } from 'vitest'
import { sendRaw } from './client'
import { counting, type StartFixture } from './fixture'

const fresh = { 'cache-control': 'max-age=60' }

/** What somebody may try to see what is not theirs, to plant what others see, or to fill the cache. */
export function attackPromises(start: StartFixture): void {
  describe('what is personal is not shared', () => {
    test.each([
      ['an answer to Authorization', {}, { authorization: 'token a' }],
      ['an answer to a cookie', {}, { cookie: 'session=a' }],
    ])('%s, unless it says so', async (_, headers, request) => {
      await using app = await start({}, counting({ ...fresh, ...headers }))
      await app.get('/a', request)
      expect((await app.get('/a')).body).toBe('answer 2')
      await using shared = await start({}, counting({ 'cache-control': 'public, max-age=60' }))
      await shared.get('/a', request)
      expect((await shared.get('/a')).body).toBe('answer 1')
    })

    test.each([
      ['Authorization', { authorization: 'token a' }],
      ['a cookie', { cookie: 'session=a' }],
    ])('a rule alone shares nothing that answers %s, nor gives it what others got', async (_, request) => {
      await using app = await start({ ttl: '1m' }, counting())
      for (const headers of [request, undefined, request, undefined]) await app.get('/a', headers)
      expect(app.runs).toBe(3)
      await using shared = await start({ ttl: '1m', scope: 'public' }, counting())
      for (const headers of [request, undefined, request]) await shared.get('/a', headers)
      expect(shared.runs).toBe(1)
    })

    test.each([
      ['private', { 'cache-control': 'private, max-age=60' }],
      ['no-store', { 'cache-control': 'no-store, max-age=60' }],
      ['Vary: *', { ...fresh, vary: '*' }],
      ['an event stream', { ...fresh, 'content-type': 'text/event-stream' }],
      ['Set-Cookie', { ...fresh, 'set-cookie': 'session=a' }],
    ])('a response with %s is not stored', async (_, headers) => {
      await using app = await start({}, counting(headers as Record<string, string>))
      await app.get('/a')
      const { body, headers: got } = await app.get('/a')
      expect(body).toBe('answer 2')
      expect(got).not.toHaveProperty('age')
    })

    test('a private route counts however its path is written', async () => {
      await using app = await start(
        { routes: { '/account/*': { ttl: '1m', scope: 'private' }, '/*': { ttl: '1m' } } },
        (request) => ({ body: `of ${request.header('x-user')}` }),
      )
      const spellings = [
        '/account/x.css',
        '/ACCOUNT/x.css',
        '/%61ccount/x.css',
        '/account/x.css/',
        '/account/;x.css',
        '/account/%2fx.css',
        '/account/x%00.css',
      ]
      for (const target of spellings) {
        await app.get(target, { 'x-user': 'alice' }).catch(() => undefined)
        const bob = await app.get(target, { 'x-user': 'bob' }).catch(() => undefined)
        expect(bob?.body ?? '').not.toContain('alice')
      }
    })
  })

  describe('nothing is planted', () => {
    test.each([
      'x-forwarded-host',
      'x-original-url',
      'x-rewrite-url',
      'x-forwarded-scheme',
      'x-forwarded-prefix',
    ])('by %s, which no key would hold', async (name) => {
      await using app = await start({ ttl: '1m' }, (request) => ({ body: `for ${request.header(name)}` }))
      await app.get('/a', { [name]: 'evil.example' })
      expect((await app.get('/a')).body).toBe('for undefined')
    })

    test('by another method than the request says', async () => {
      await using app = await start({ ttl: '1m' }, (request) => ({
        body: `as ${request.header('x-http-method-override')}`,
      }))
      await app.get('/a', { 'x-http-method-override': 'DELETE' })
      expect((await app.get('/a')).body).toBe('as undefined')
    })

    test('by a GET with a body, which is not answered from the store either', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      await app.send('/a', { method: 'GET', body: 'page=2', headers: { 'content-length': '6' } })
      expect((await app.get('/a')).body).toBe('answer 2')
      const fat = await app.send('/a', { method: 'GET', body: 'page=2', headers: { 'content-length': '6' } })
      expect(fat.body).toBe('answer 3')
    })

    test('by HEAD, whose answer is no answer to GET', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      await app.send('/a', { method: 'HEAD' })
      expect((await app.get('/a')).body).toBe('answer 2')
    })

    test('by a part, which is not the whole', async () => {
      await using app = await start({}, (request) =>
        request.header('range') === undefined
          ? { headers: fresh, body: 'whole' }
          : { status: 206, headers: { ...fresh, 'content-range': 'bytes 0-1/5' }, body: 'wh' },
      )
      expect((await app.get('/a', { range: 'bytes=0-1' })).status).toBe(206)
      expect((await app.get('/a')).body).toBe('whole')
    })

    test('by a location on another host', async () => {
      await using app = await start({ ttl: '1m' }, ({ method }) =>
        method === 'GET'
          ? { body: String(Math.random()) }
          : { headers: { location: 'http://other.example/list' } },
      )
      await app.get('/list')
      await app.send('/a', { method: 'POST' })
      await app.get('/list')
      expect(app.runs).toBe(2)
    })

    test('by a field that Connection names, which is about that connection alone', async () => {
      await using app = await start({}, () => ({
        headers: { ...fresh, connection: 'x-secret', 'x-secret': 'of this connection', 'x-kept': 'yes' },
        body: 'x',
      }))
      await app.get('/a')
      const { headers } = await app.get('/a')
      expect([headers['x-secret'], headers['x-kept']]).toEqual([undefined, 'yes'])
    })

    test('by names that mean something to JavaScript', async () => {
      await using app = await start({}, () => ({
        headers: { ...fresh, __proto__x: 'a', ['__proto__']: 'polluted', constructor: 'b' },
        body: 'x',
      }))
      await app.get('/a')
      const { headers } = await app.get('/a')
      expect(headers).toHaveProperty('constructor', 'b')
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    })
  })

  describe('no two requests share what differs', () => {
    test('in the query: order, repeats, empty values, encoding', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      const targets = [
        '/a',
        '/a?',
        '/a?x=1&y=2',
        '/a?y=2&x=1',
        '/a?x=1&x=2',
        '/a?x=1,2',
        '/a?x',
        '/a?x=',
        '/a?x[]=1',
        '/a?x%3d=1',
        '/Aa',
        '/BB',
      ]
      for (const target of targets) await app.get(target)
      expect(app.runs).toBe(targets.length)
    })

    test('in the host, which has one spelling; unknown hosts are not cached where hosts are listed', async () => {
      await using app = await start({ ttl: '1m', hosts: ['a.example'] }, counting())
      await app.get('/', { host: 'a.example' })
      for (const host of ['A.EXAMPLE', 'a.example:80', 'a.example.'])
        expect((await app.get('/', { host })).body).toBe('answer 1')
      await app.get('/', { host: 'b.example' })
      expect((await app.get('/', { host: 'b.example' })).body).toBe('answer 3')
    })

    test('in an absolute target, which names the host itself', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      const ask = (line: string, host: string) =>
        sendRaw(app.port, `GET ${line} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)
      const [first, second] = [await ask('/a', 'one.example'), await ask('/a', 'two.example')]
      expect(first).toContain('answer 1')
      expect(second).toContain('answer 2')
    })

    test('in the entity tag: 304 is said of the same resource alone', async () => {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, etag: `"${request.target}"` },
        body: request.target,
      }))
      await app.get('/a')
      await app.get('/b')
      expect((await app.get('/b', { 'if-none-match': '"/a"' })).body).toBe('/b')
    })

    test('in the content coding a client takes', async () => {
      await using app = await start({}, (request) => {
        const coding = request.header('accept-encoding')?.includes('gzip') ? 'gzip' : 'identity'
        return { headers: { ...fresh, vary: 'Accept-Encoding', 'content-encoding': coding }, body: coding }
      })
      expect((await app.get('/a', { 'accept-encoding': 'gzip, br' })).body).toBe('gzip')
      expect((await app.get('/a', { 'accept-encoding': 'br' })).body).toBe('identity')
      expect((await app.get('/a', { 'accept-encoding': 'BR;q=1.0 , GZIP' })).body).toBe('gzip')
      expect((await app.get('/a')).body).toBe('identity')
      expect(app.runs).toBe(3)
    })
  })

  describe('nobody fills the cache', () => {
    test('with made-up queries: beyond the bound, responses are passed on', async () => {
      await using app = await start({ ttl: '1m', maxKeys: 20 }, counting())
      for (let at = 0; at < 40; at += 1) expect((await app.get(`/a?${at}`)).status).toBe(200)
      expect(app.cache.stats().usage?.entries).toBe(20)
    })

    test('with made-up variants of one resource', async () => {
      await using app = await start({ maxVariants: 5 }, (request) => ({
        headers: { ...fresh, vary: 'X-Variant' },
        body: String(request.header('x-variant')),
      }))
      for (let at = 0; at < 20; at += 1)
        expect((await app.get('/a', { 'x-variant': `v${at}` })).body).toBe(`v${at}`)
      expect(app.cache.stats().usage?.entries).toBe(5)
    })

    test('with endless targets', async () => {
      await using app = await start({ ttl: '1m' }, counting())
      const long = `/a?${'x'.repeat(5_000)}`
      await app.get(long)
      expect((await app.get(long)).body).toBe('answer 2')
      expect(app.cache.stats().usage?.entries).toBe(0)
    })
  })

  test('what the cache says of itself shows no keys', async () => {
    await using app = await start({ scope: 'private', ttl: '1m' }, counting())
    for (let at = 0; at < 2; at += 1) {
      const { headers } = await app.get('/secret?token=hidden', { 'x-user': 'alice' })
      expect(headers['cache-status']).toMatch(/^larder; (hit|fwd=miss; stored)(; ttl=\d+)?$/)
      expect(JSON.stringify(headers)).not.toMatch(/alice|hidden/)
    }
  })

  test.each([
    [
      'a date in the future and an age that overflows',
      { date: 'Fri, 01 Jan 2100 00:00:00 GMT', age: '99999999999999' },
    ],
    ['an age of words', { age: 'old', 'cache-control': 'max-age=sixty' }],
    ['a lifetime that is negative', { 'cache-control': 'max-age=-1' }],
    ['several lifetimes, one of which is over', { 'cache-control': 'max-age=0, max-age=60' }],
  ])('in doubt a response is stale: %s', async (_, headers) => {
    await using app = await start({}, counting({ ...fresh, ...(headers as Record<string, string>) }))
    await app.get('/a')
    expect((await app.get('/a')).body).toBe('answer 2')
  })
}
