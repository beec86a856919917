import { strictEqual } from 'node:assert/strict'
import type { HttpCheck } from './http-check'

/** Invalidation by unsafe requests (RFC 9111 §4.4, RFC 9875). */
export const unsafeMethodsChecks: readonly HttpCheck[] = [
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map(
    (method): HttpCheck => ({
      guarantee: `an unsafe request by ${method} invalidates its own target and those in Location and Content-Location`,
      async verify(start) {
        await using app = await start({ ttl: '1m' }, (request) =>
          request.method === 'GET'
            ? { body: String(Math.random()) }
            : { headers: { location: '/list?all', 'content-location': '/b' } },
        )
        const targets = ['/a', '/a?page=2', '/list?all', '/b', '/c']
        for (const target of targets) await app.get(target)
        await app.sendRequest('/a', { method })
        for (const target of targets) await app.get(target)
        strictEqual(app.runs, 5 + 1 + 4)
      },
    }),
  ),
  {
    guarantee: 'an unsafe request that fails does not invalidate',
    async verify(start) {
      await using app = await start({ ttl: '1m' }, ({ method }) => ({ status: method === 'GET' ? 200 : 409 }))
      await app.get('/a')
      await app.sendRequest('/a', { method: 'POST' })
      await app.get('/a')
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee:
      'an unsafe request invalidates the tags of its rule, those of its handler, and its cache groups',
    async verify(start) {
      await using app = await start(
        { ttl: '1m', routes: { 'POST /by-rule': { invalidates: ['jobs'] } } },
        async ({ method, target, larder }) => {
          if (method === 'GET') larder.tag('jobs')
          if (target === '/by-handler') await larder.invalidate('jobs')
          return {
            headers:
              method === 'GET'
                ? { 'cache-groups': '"lists"' }
                : target === '/by-group'
                  ? { 'cache-group-invalidation': '"lists"' }
                  : {},
          }
        },
      )
      for (const target of ['/by-rule', '/by-handler', '/by-group']) {
        await app.get('/jobs')
        const before = app.runs
        await app.sendRequest(target, { method: 'POST' })
        await app.get('/jobs')
        strictEqual(app.runs, before + 2)
      }
    },
  },
]
