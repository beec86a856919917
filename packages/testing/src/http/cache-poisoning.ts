import { deepStrictEqual, match, strictEqual } from 'node:assert/strict'
import { sendRaw } from './client'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

const poisoningRequestChecks: readonly HttpCheck[] = [
  ...['x-forwarded-host', 'x-original-url', 'x-rewrite-url', 'x-forwarded-scheme', 'x-forwarded-prefix'].map(
    (name): HttpCheck => ({
      guarantee: `the cache cannot be poisoned by ${name}, which frameworks obey although no Vary names it`,
      async verify(start) {
        await using app = await start({ ttl: '1m' }, (request) => ({ body: `for ${request.header(name)}` }))
        await app.get('/a', { [name]: 'evil.example' })
        strictEqual((await app.get('/a')).body, 'for undefined')
      },
    }),
  ),
  {
    guarantee: 'the cache cannot be poisoned by a Host that the framework reads otherwise than the handler',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, (request) => ({ body: `for ${request.header('host')}.` }))
      const sendTo = (host: string) =>
        sendRaw(app.port, `GET /a HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)
      for (const host of [
        'app.example, evil.example',
        'app.example,evil.example',
        'app.example evil.example',
      ]) {
        await sendTo(host)
        match(await sendTo('app.example'), /for app\.example\./)
      }
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by a field that overrides the method',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, (request) => ({
        body: `as ${request.header('x-http-method-override')}`,
      }))
      await app.get('/a', { 'x-http-method-override': 'DELETE' })
      strictEqual((await app.get('/a')).body, 'as undefined')
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by a GET with a body, which is not served from the store either',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      const withBody = { method: 'GET', body: 'page=2', headers: { 'content-length': '6' } }
      await app.sendRequest('/a', withBody)
      strictEqual((await app.get('/a')).body, 'answer 2')
      strictEqual((await app.sendRequest('/a', withBody)).body, 'answer 3')
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by HEAD, whose response has no body',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, countingHandler())
      await app.sendRequest('/a', { method: 'HEAD' })
      strictEqual((await app.get('/a')).body, 'answer 2')
    },
  },
]

const poisoningResponseChecks: readonly HttpCheck[] = [
  {
    guarantee: 'the cache cannot be poisoned by a partial response',
    async verify(start) {
      await using app = await start({}, (request) =>
        request.header('range') === undefined
          ? { headers: fresh, body: 'whole' }
          : { status: 206, headers: { ...fresh, 'content-range': 'bytes 0-1/5' }, body: 'wh' },
      )
      strictEqual((await app.get('/a', { range: 'bytes=0-1' })).status, 206)
      strictEqual((await app.get('/a')).body, 'whole')
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by a Location on another host, which does not invalidate here',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, ({ method }) =>
        method === 'GET'
          ? { body: String(Math.random()) }
          : { headers: { location: 'http://other.example/list' } },
      )
      await app.get('/list')
      await app.sendRequest('/a', { method: 'POST' })
      await app.get('/list')
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by a field that Connection names, because it is not stored',
    async verify(start) {
      await using app = await start({}, () => ({
        headers: { ...fresh, connection: 'x-secret', 'x-secret': 'of this connection', 'x-kept': 'yes' },
        body: 'x',
      }))
      await app.get('/a')
      const { headers } = await app.get('/a')
      deepStrictEqual([headers['x-secret'], headers['x-kept']], [undefined, 'yes'])
    },
  },
  {
    guarantee: 'the cache cannot be poisoned by fields called __proto__ or constructor',
    async verify(start) {
      await using app = await start({}, () => ({
        headers: { ...fresh, __proto__x: 'a', ['__proto__']: 'polluted', constructor: 'b' },
        body: 'x',
      }))
      await app.get('/a')
      const { headers } = await app.get('/a')
      strictEqual(headers.constructor, 'b')
      strictEqual(({} as Record<string, unknown>).polluted, undefined)
    },
  },
]

/** Attempts to store a response that other clients then receive. */
export const cachePoisoningChecks: readonly HttpCheck[] = [
  ...poisoningRequestChecks,
  ...poisoningResponseChecks,
]
