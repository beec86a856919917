import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'
import { createLatch } from './latch'

/** The application behaves as it does without the cache. */
export function describeTransparency(start: StartFixture): void {
  test.each([
    ['without a rule', {}],
    ['with a ttl', { ttl: '1m' }],
  ] as const)('%s, a client that knows the response gets 304', async (_, options) => {
    await using app = await start(options, (request) => {
      const isKnown = request.header('if-none-match') === '"v1"'
      return { status: isKnown ? 304 : 200, headers: { etag: '"v1"' }, body: isKnown ? undefined : 'page' }
    })
    for (const target of ['/a', '/a', '/b']) {
      const { status, body } = await app.get(target, { 'if-none-match': '"v1"' })
      expect([status, body]).toEqual([304, ''])
    }
  })

  test('a stored 204 has no Content-Length', async () => {
    await using app = await start({ ttl: '1m', statuses: [204] }, () => ({ status: 204 }))
    for (let request = 0; request < 2; request += 1) {
      const { status, headers } = await app.get('/a')
      expect([status, headers['content-length']]).toEqual([204, undefined])
    }
    expect(app.runs).toBe(1)
  })

  test("another cache's Cache-Status precedes the own, on misses and hits", async () => {
    await using app = await start({}, countingHandler({ ...fresh, 'cache-status': 'origin; hit' }))
    expect((await app.get('/a')).headers['cache-status']).toBe('origin; hit, larder; fwd=miss; stored')
    expect((await app.get('/a')).headers['cache-status']).toMatch(/^origin; hit, larder; hit; ttl=\d+$/)
  })

  describe('a request that bypasses the cache', () => {
    test('has no Cache-Status, or one that says why if the application asks for it', async () => {
      const routes = { '/excluded': false } as const
      await using silent = await start({ routes }, countingHandler())
      expect((await silent.get('/excluded')).headers).not.toHaveProperty('cache-status')
      await using telling = await start(
        { routes, cacheStatus: { name: 'edge', bypass: true } },
        countingHandler(),
      )
      const { headers } = await telling.get('/excluded')
      expect(headers['cache-status']).toBe('edge; fwd=bypass; detail=excluded')
    })
  })

  test('a request whose key is long is cached like others', async () => {
    await using app = await start({ ttl: '1m' }, countingHandler())
    const long = { 'x-forwarded-host': 'x'.repeat(5_000) }
    const first = await app.get('/a', long)
    expect(first.status).toBe(200)
    for (const more of [{}, { 'cache-control': 'only-if-cached' }])
      expect((await app.get('/a', { ...long, ...more })).body).toEqual(first.body)
    const otherHost = { ...long, 'x-forwarded-host': 'y'.repeat(5_000), 'cache-control': 'only-if-cached' }
    expect((await app.get('/a', otherHost)).status).toBe(504)
  })

  test('a client that has its change confirmed reads it in the next request', async () => {
    let state = 0
    await using app = await start({ ttl: '1h' }, ({ method }) => {
      if (method === 'PUT') state += 1
      return { body: String(state) }
    })
    const { open, opened } = createLatch()
    let isDone = false
    const readers = Array.from({ length: 4 }, async () => {
      await opened
      while (!isDone) await app.get('/a')
    })
    open()
    for (let write = 1; write <= 30; write += 1) {
      await app.sendRequest('/a', { method: 'PUT' })
      expect(Number((await app.get('/a')).body)).toBe(write)
    }
    isDone = true
    await Promise.all(readers)
  }, 30_000)
}
