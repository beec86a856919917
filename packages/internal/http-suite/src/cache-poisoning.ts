import { describe, expect, test } from 'vitest'
import { countingHandler, fresh, type StartFixture } from './fixture'

/** Attempts to store a response that other clients then receive. */
export function describeCachePoisoning(start: StartFixture): void {
  describe('the cache cannot be poisoned', () => {
    describePoisoningRequests(start)
    describePoisoningResponses(start)
  })
}

function describePoisoningRequests(start: StartFixture): void {
  test.each([
    'x-forwarded-host',
    'x-original-url',
    'x-rewrite-url',
    'x-forwarded-scheme',
    'x-forwarded-prefix',
  ])('by %s, which frameworks obey although no Vary names it', async (name) => {
    await using app = await start({ ttl: '1m' }, (request) => ({ body: `for ${request.header(name)}` }))
    await app.get('/a', { [name]: 'evil.example' })
    expect((await app.get('/a')).body).toBe('for undefined')
  })

  test('by a field that overrides the method', async () => {
    await using app = await start({ ttl: '1m' }, (request) => ({
      body: `as ${request.header('x-http-method-override')}`,
    }))
    await app.get('/a', { 'x-http-method-override': 'DELETE' })
    expect((await app.get('/a')).body).toBe('as undefined')
  })

  test('by a GET with a body, which is not served from the store either', async () => {
    await using app = await start({ ttl: '1m' }, countingHandler())
    const withBody = { method: 'GET', body: 'page=2', headers: { 'content-length': '6' } }
    await app.sendRequest('/a', withBody)
    expect((await app.get('/a')).body).toBe('answer 2')
    expect((await app.sendRequest('/a', withBody)).body).toBe('answer 3')
  })

  test('by HEAD, whose response has no body', async () => {
    await using app = await start({ ttl: '1m' }, countingHandler())
    await app.sendRequest('/a', { method: 'HEAD' })
    expect((await app.get('/a')).body).toBe('answer 2')
  })
}

function describePoisoningResponses(start: StartFixture): void {
  test('by a partial response', async () => {
    await using app = await start({}, (request) =>
      request.header('range') === undefined
        ? { headers: fresh, body: 'whole' }
        : { status: 206, headers: { ...fresh, 'content-range': 'bytes 0-1/5' }, body: 'wh' },
    )
    expect((await app.get('/a', { range: 'bytes=0-1' })).status).toBe(206)
    expect((await app.get('/a')).body).toBe('whole')
  })

  test('by a Location on another host, which does not invalidate here', async () => {
    await using app = await start({ ttl: '1m' }, ({ method }) =>
      method === 'GET'
        ? { body: String(Math.random()) }
        : { headers: { location: 'http://other.example/list' } },
    )
    await app.get('/list')
    await app.sendRequest('/a', { method: 'POST' })
    await app.get('/list')
    expect(app.runs).toBe(2)
  })

  test('by a field that Connection names, because it is not stored', async () => {
    await using app = await start({}, () => ({
      headers: { ...fresh, connection: 'x-secret', 'x-secret': 'of this connection', 'x-kept': 'yes' },
      body: 'x',
    }))
    await app.get('/a')
    const { headers } = await app.get('/a')
    expect([headers['x-secret'], headers['x-kept']]).toEqual([undefined, 'yes'])
  })

  test('by fields called __proto__ or constructor', async () => {
    await using app = await start({}, () => ({
      headers: { ...fresh, __proto__x: 'a', ['__proto__']: 'polluted', constructor: 'b' },
      body: 'x',
    }))
    await app.get('/a')
    const { headers } = await app.get('/a')
    expect(headers).toHaveProperty('constructor', 'b')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
}
