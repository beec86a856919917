import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { leaveBeforeResponse, openStream } from './client'
import { fresh } from './fixture'
import type { HttpCheck } from './http-check'
import { createLatch } from './latch'
import { waitUntil } from './wait-until'

/** Which requests wait for the handler's response to another request, and for how long. */
export const collapsingChecks: readonly HttpCheck[] = [
  {
    guarantee:
      'requests for one resource run the handler once if a rule sets a ttl, however many come at once',
    async verify(start) {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, async () => {
        await opened
        return { body: 'shared' }
      })
      const pending = Array.from({ length: 500 }, () => app.get('/a'))
      await waitUntil('499 requests wait', () => app.cache.stats().joins === 499)
      open()
      deepStrictEqual(new Set((await Promise.all(pending)).map(({ body }) => body)), new Set(['shared']))
      strictEqual(app.runs, 1)
    },
  },
  ...(
    [
      ['without a rule', {}, {}],
      ['with a cookie', { ttl: '1m' }, { cookie: 'a=b' }],
      ['for an upgrade', { ttl: '1m' }, { connection: 'upgrade', upgrade: 'other' }],
      ['for an event stream', { ttl: '1m' }, { accept: 'text/event-stream' }],
      ['with a collapseTimeout of 0', { ttl: '1m', collapseTimeout: 0 }, {}],
    ] as const
  ).map(
    ([situation, options, headers]): HttpCheck => ({
      guarantee: `requests for one resource ${situation} do not wait for each other`,
      async verify(start) {
        const { open, opened } = createLatch()
        await using app = await start(options, async () => {
          await opened
          return { body: 'event' }
        })
        const polls = Array.from({ length: 3 }, () => app.get('/poll', headers))
        await waitUntil('the handler runs for the third time', () => app.runs === 3)
        open()
        deepStrictEqual(
          (await Promise.all(polls)).map(({ status }) => status),
          [200, 200, 200],
        )
      },
    }),
  ),
  {
    guarantee: 'requests for one resource wait for each other if the last response was stored',
    async verify(start) {
      const { open, opened } = createLatch()
      await using app = await start({}, async () => {
        if (app.runs > 1) await opened
        return { headers: { ...fresh, etag: `"${app.runs}"` }, body: String(app.runs) }
      })
      await app.get('/a')
      app.advanceClock(61_000)
      const pending = [app.get('/a'), app.get('/a')]
      await waitUntil('a request waits', () => app.cache.stats().joins === 1)
      open()
      deepStrictEqual(
        (await Promise.all(pending)).map(({ body }) => body),
        ['2', '2'],
      )
    },
  },
  {
    guarantee: 'requests for one resource lead in turn if the client of the first one leaves',
    async verify(start) {
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, async () => {
        if (app.runs > 1) return { body: 'good' }
        await new Promise(() => undefined)
        return {}
      })
      const leave = await leaveBeforeResponse(app.port, '/a')
      await waitUntil('the handler runs for the first time', () => app.runs === 1)
      const waiting = [app.get('/a'), app.get('/a')]
      await waitUntil('2 requests wait', () => app.cache.stats().joins === 2)
      leave()
      deepStrictEqual(
        (await Promise.all(waiting)).map(({ body }) => body),
        ['good', 'good'],
      )
      strictEqual(app.runs, 2)
    },
  },
  {
    guarantee:
      'requests for one resource run the handler themselves after collapseTimeout, and later ones do not begin to wait',
    async verify(start) {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m', collapseTimeout: 50 }, async () => {
        if (app.runs === 1) await opened
        return { headers: { 'cache-control': 'no-store' }, body: 'own' }
      })
      const first = app.get('/a')
      await waitUntil('the handler runs for the first time', () => app.runs === 1)
      strictEqual((await app.get('/a')).body, 'own')
      const { joins } = app.cache.stats()
      strictEqual((await app.get('/a')).body, 'own')
      strictEqual(app.cache.stats().joins, joins)
      open()
      await first
    },
  },
  {
    guarantee:
      'requests for one resource run the handler themselves if the body of the first response does not end',
    async verify(start) {
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, () => ({
        body: app.runs === 1 ? streamWithoutEnd() : 'own',
      }))
      const stream = await openStream(app.port, '/lines')
      strictEqual((await app.get('/lines')).body, 'own')
      stream.close()
    },
  },
]

async function* streamWithoutEnd(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{}\n')
  await new Promise(() => undefined)
}
