import { ok, strictEqual } from 'node:assert/strict'
import { sendRaw } from './client'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

/** Requests that may get different responses have different keys. */
export const keysChecks: readonly HttpCheck[] = [
  {
    guarantee:
      'requests do not share a response if they differ in the query: order, repeats, empty values, encoding',
    async verify(start) {
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
      strictEqual(app.runs, targets.length)
    },
  },
  {
    guarantee:
      'requests do not share a response if they differ in a parameter that a rule leaves out, if a router may take the path for another one',
    async verify(start) {
      await using app = await start(
        { routes: { '/list/:id': { ttl: '1m', query: ['page'] } } },
        countingHandler(),
      )
      for (const target of ['/list/1?q=1', '/list/1?q=2']) await app.get(target)
      strictEqual(app.runs, 1)
      for (const target of ['/LIST/1?q=1', '/LIST/1?q=2', '/%6Cist/1?q=1']) await app.get(target)
      strictEqual(app.runs, 4)
    },
  },
  {
    guarantee:
      'requests do not share a response if they differ in the host, apart from its spelling; hosts that are not listed are not cached',
    async verify(start) {
      await using app = await start({ ttl: '1m', hosts: ['a.example'] }, countingHandler())
      await app.get('/', { host: 'a.example' })
      for (const host of ['A.EXAMPLE', 'a.example:80', 'a.example.'])
        strictEqual((await app.get('/', { host })).body, 'answer 1')
      await app.get('/', { host: 'b.example' })
      strictEqual((await app.get('/', { host: 'b.example' })).body, 'answer 3')
    },
  },
  {
    guarantee: 'requests do not share a response if they differ in the host field of a raw request',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const sendRawGet = (line: string, host: string) =>
        sendRaw(app.port, `GET ${line} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)
      const [first, second] = [await sendRawGet('/a', 'one.example'), await sendRawGet('/a', 'two.example')]
      ok(first.includes('answer 1'))
      ok(second.includes('answer 2'))
    },
  },
  {
    guarantee:
      'requests do not share a response if they differ in the target, so a 304 is never sent for the entity tag of another one',
    async verify(start) {
      await using app = await start({}, (request) => ({
        headers: { ...fresh, etag: `"${request.target}"` },
        body: request.target,
      }))
      await app.get('/a')
      await app.get('/b')
      strictEqual((await app.get('/b', { 'if-none-match': '"/a"' })).body, '/b')
    },
  },
  {
    guarantee: 'requests do not share a response if they differ in the content coding that they accept',
    async verify(start) {
      await using app = await start({}, (request) => {
        const coding = request.header('accept-encoding')?.includes('gzip') ? 'gzip' : 'identity'
        return { headers: { ...fresh, vary: 'Accept-Encoding', 'content-encoding': coding }, body: coding }
      })
      strictEqual((await app.get('/a', { 'accept-encoding': 'gzip, br' })).body, 'gzip')
      strictEqual((await app.get('/a', { 'accept-encoding': 'br' })).body, 'identity')
      strictEqual((await app.get('/a', { 'accept-encoding': 'GZIP ,BR' })).body, 'gzip')
      strictEqual((await app.get('/a')).body, 'identity')
      strictEqual(app.runs, 3)
    },
  },
]
