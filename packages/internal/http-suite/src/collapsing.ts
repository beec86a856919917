import { describe, expect, test } from 'vitest'
import { leaveBeforeResponse, openStream } from './client'
import { fresh, type StartFixture } from './fixture'
import { createLatch } from './latch'

/** Which requests wait for the handler's response to another request, and for how long. */
export function describeCollapsing(start: StartFixture): void {
  describe('requests for one resource', () => {
    test('run the handler once if a rule sets a ttl, however many come at once', async () => {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, async () => {
        await opened
        return { body: 'shared' }
      })
      const pending = Array.from({ length: 500 }, () => app.get('/a'))
      await expect.poll(() => app.cache.stats().joins, { timeout: 30_000 }).toBe(499)
      open()
      expect(new Set((await Promise.all(pending)).map(({ body }) => body))).toEqual(new Set(['shared']))
      expect(app.runs).toBe(1)
    }, 60_000)

    test.each([
      ['without a rule', {}, {}],
      ['with a cookie', { ttl: '1m' }, { cookie: 'a=b' }],
      ['for an upgrade', { ttl: '1m' }, { connection: 'upgrade', upgrade: 'other' }],
      ['for an event stream', { ttl: '1m' }, { accept: 'text/event-stream' }],
      ['with a collapseTimeout of 0', { ttl: '1m', collapseTimeout: 0 }, {}],
    ] as const)('%s do not wait for each other', async (_, options, headers) => {
      const { open, opened } = createLatch()
      await using app = await start(options, async () => {
        await opened
        return { body: 'event' }
      })
      const polls = Array.from({ length: 3 }, () => app.get('/poll', headers))
      await expect.poll(() => app.runs).toBe(3)
      open()
      expect((await Promise.all(polls)).map(({ status }) => status)).toEqual([200, 200, 200])
    })

    test('wait for each other if the last response was stored', async () => {
      const { open, opened } = createLatch()
      await using app = await start({}, async () => {
        if (app.runs > 1) await opened
        return { headers: { ...fresh, etag: `"${app.runs}"` }, body: String(app.runs) }
      })
      await app.get('/a')
      app.advanceClock(61_000)
      const pending = [app.get('/a'), app.get('/a')]
      await expect.poll(() => app.cache.stats().joins).toBe(1)
      open()
      expect((await Promise.all(pending)).map(({ body }) => body)).toEqual(['2', '2'])
    })

    test('lead in turn if the client of the first one leaves', async () => {
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, async () => {
        if (app.runs > 1) return { body: 'good' }
        await new Promise(() => undefined)
        return {}
      })
      const leave = await leaveBeforeResponse(app.port, '/a')
      await expect.poll(() => app.runs).toBe(1)
      const waiting = [app.get('/a'), app.get('/a')]
      await expect.poll(() => app.cache.stats().joins).toBe(2)
      leave()
      expect((await Promise.all(waiting)).map(({ body }) => body)).toEqual(['good', 'good'])
      expect(app.runs).toBe(2)
    })

    test('run the handler themselves after collapseTimeout, and later ones do not begin to wait', async () => {
      const { open, opened } = createLatch()
      await using app = await start({ ttl: '1m', collapseTimeout: 50 }, async () => {
        if (app.runs === 1) await opened
        return { headers: { 'cache-control': 'no-store' }, body: 'own' }
      })
      const first = app.get('/a')
      await expect.poll(() => app.runs).toBe(1)
      expect((await app.get('/a')).body).toBe('own')
      const { joins } = app.cache.stats()
      expect((await app.get('/a')).body).toBe('own')
      expect(app.cache.stats().joins).toBe(joins)
      open()
      await first
    })

    test('run the handler themselves if the body of the first response does not end', async () => {
      await using app = await start({ ttl: '1m', collapseTimeout: '1m' }, () => ({
        body: app.runs === 1 ? streamWithoutEnd() : 'own',
      }))
      const stream = await openStream(app.port, '/lines')
      expect((await app.get('/lines')).body).toBe('own')
      stream.close()
    })
  })
}

async function* streamWithoutEnd(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{}\n')
  await new Promise(() => undefined)
}
