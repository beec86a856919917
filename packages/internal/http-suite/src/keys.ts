import { describe, expect, test } from 'vitest'
import { sendRaw } from './client'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Requests that may get different responses have different keys. */
export function describeKeys(start: StartFixture): void {
  describe('requests do not share a response if they differ in', () => {
    test('the query: order, repeats, empty values, encoding', async () => {
      await using app = await start({ ttl: '1m' }, countingHandler())
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

    test('a parameter that a rule leaves out, if a router may take the path for another one', async () => {
      await using app = await start(
        { routes: { '/list/:id': { ttl: '1m', query: ['page'] } } },
        countingHandler(),
      )
      for (const target of ['/list/1?q=1', '/list/1?q=2']) await app.get(target)
      expect(app.runs).toBe(1)
      for (const target of ['/LIST/1?q=1', '/LIST/1?q=2', '/%6Cist/1?q=1']) await app.get(target)
      expect(app.runs).toBe(4)
    })

    test('the host, apart from its spelling; hosts that are not listed are not cached', async () => {
      await using app = await start({ ttl: '1m', hosts: ['a.example'] }, countingHandler())
      await app.get('/', { host: 'a.example' })
      for (const host of ['A.EXAMPLE', 'a.example:80', 'a.example.'])
        expect((await app.get('/', { host })).body).toBe('answer 1')
      await app.get('/', { host: 'b.example' })
      expect((await app.get('/', { host: 'b.example' })).body).toBe('answer 3')
    })

    test('the host field of a raw request', async () => {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const sendRawGet = (line: string, host: string) =>
        sendRaw(app.port, `GET ${line} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)
      const [first, second] = [await sendRawGet('/a', 'one.example'), await sendRawGet('/a', 'two.example')]
      expect(first).toContain('answer 1')
      expect(second).toContain('answer 2')
    })

    test('the target, so a 304 is never sent for the entity tag of another one', async () => {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, etag: `"${request.target}"` },
        body: request.target,
      }))
      await app.get('/a')
      await app.get('/b')
      expect((await app.get('/b', { 'if-none-match': '"/a"' })).body).toBe('/b')
    })

    test('the content coding that they accept', async () => {
      await using app = await start({}, (request) => {
        const coding = request.header('accept-encoding')?.includes('gzip') ? 'gzip' : 'identity'
        return { headers: { ...fresh, vary: 'Accept-Encoding', 'content-encoding': coding }, body: coding }
      })
      expect((await app.get('/a', { 'accept-encoding': 'gzip, br' })).body).toBe('gzip')
      expect((await app.get('/a', { 'accept-encoding': 'br' })).body).toBe('identity')
      expect((await app.get('/a', { 'accept-encoding': 'GZIP ,BR' })).body).toBe('gzip')
      expect((await app.get('/a')).body).toBe('identity')
      expect(app.runs).toBe(3)
    })
  })
}
