import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test, vi } from 'vitest'
import { type AdminAction, adminHandler } from '../src/index'
import { createManagedApp, origin } from './support/managed-app'

const paths = [
  '',
  'health',
  'stats',
  'performance',
  'keys',
  'keys/k',
  'tags',
  'invalidations',
  'live',
  'warm',
  'openapi.json',
  'nothing',
]

describe('a handler without authorize or without caches', () => {
  test('cannot be created', () => {
    const { cache } = createManagedApp()
    expect(() => adminHandler({ caches: cache } as never)).toThrow('adminHandler needs authorize')
    expect(() => adminHandler({ caches: [], authorize: () => true })).toThrow('adminHandler needs caches')
  })
})

describe('a request is refused', () => {
  test.each(paths)('for /%s if authorize returns false or undefined', async (path) => {
    for (const authorize of [() => false, () => undefined, async () => false]) {
      const { status, body } = await createManagedApp({ authorize }).get(path)
      expect([status, body]).toEqual([
        403,
        { status: 403, title: 'No access', detail: 'You are not allowed to operate these caches.' },
      ])
    }
  })

  test('if authorize throws, without revealing the error', async () => {
    const onError = vi.fn()
    const { status, body } = await createManagedApp({
      onError,
      authorize: () => {
        throw new Error('the directory at 10.0.0.7 is down')
      },
    }).get('stats')
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('10.0.0.7')
    expect(onError).toHaveBeenCalledTimes(1)
  })

  test('if another site makes the browser send it', async () => {
    const { get, post, cache } = createManagedApp()
    await cache.set('k', 1)
    const crossSiteHeaders = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of crossSiteHeaders) {
      expect((await get('stats', headers as Record<string, string>)).status).toBe(403)
      expect((await post('invalidate', { keys: ['k'] }, headers as Record<string, string>)).status).toBe(403)
    }
    expect(await cache.get('k')).toBe(1)
    expect((await get('stats', { 'sec-fetch-site': 'same-origin', origin })).status).toBe(200)
  })
})

describe('read access', () => {
  const createReader = () => createManagedApp({ authorize: () => ({ may: 'read' }) })

  test('allows every GET resource', async () => {
    const { get } = createReader()
    for (const path of ['health', 'stats', 'performance', 'keys', 'tags', 'invalidations', 'warm'])
      expect((await get(path)).status).toBe(200)
  })

  test.each(['invalidate', 'clear', 'warm'])('does not allow POST %s', async (path) => {
    expect((await createReader().post(path, {})).body).toMatchObject({ status: 403, title: 'Read only' })
  })
})

describe('an invalid request is answered with a problem that says what to send:', () => {
  test.each([
    ['invalidate', 'tags', 400, 'is not valid JSON'],
    ['invalidate', '[]', 400, 'must be a JSON object'],
    ['invalidate', {}, 400, 'Give keys, tags or patterns to invalidate.'],
    ['invalidate', { tag: ['a'] }, 400, 'Unknown field "tag". The fields are: keys, tags, patterns, mode.'],
    ['invalidate', { tags: 'a' }, 400, 'tags must be an array of at most 500 strings.'],
    ['invalidate', { tags: [''] }, 400, 'A tag is a string of 1 to 512 characters'],
    ['invalidate', { tags: ['a'], mode: 'gentle' }, 400, 'mode must be one of: hard, soft.'],
    ['invalidate', { tags: ['x'.repeat(70_000)] }, 413, 'must not exceed 65536 bytes'],
    [
      'warm',
      { name: 'all' },
      404,
      'The warm-ups are: none; the application can offer some by the option warmUps.',
    ],
    ['warm', { name: 'constructor' }, 404, 'The warm-ups are: none'],
  ])('POST %s %o', async (path, body, status, detail) => {
    const answer = await createManagedApp().post(path, body)
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json'])
    expect(answer.body.detail).toContain(detail)
  })

  test('another content type, a wrong method, and parameters out of range', async () => {
    const { get, post } = createManagedApp()
    expect((await post('invalidate', '{"tags":["a"]}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await get('invalidate')).body).toMatchObject({
      status: 405,
      detail: 'This resource accepts POST.',
    })
    expect((await get('keys?limit=5000')).body.detail).toBe(
      'limit must be an integer from 1 to 1000; got "5000".',
    )
    expect((await get('stats?cache=other')).body.detail).toBe('The caches are: shop.')
    expect((await get('keys/%zz')).status).toBe(400)
  })
})

test('every change is published to onAction and the diagnostics channel, with the user', async () => {
  const actions: AdminAction[] = []
  const messages: unknown[] = []
  const listener = (message: unknown) => messages.push(message)
  subscribe('larder:admin', listener)
  const { post } = createManagedApp({
    authorize: () => ({ may: 'write', as: 'alice' }),
    onAction: (action) => actions.push(action),
    warmUps: { start: () => [] },
  })
  await post('invalidate', { tags: ['a'], keys: ['k'] })
  await post('warm', { name: 'start' })
  const { body } = await post('clear', {})
  await post('clear', body.confirm && { confirm: body.confirm })
  unsubscribe('larder:admin', listener)
  expect(actions.map(({ as, cache, action, targets }) => [as, cache, action, targets])).toEqual([
    ['alice', 'shop', 'invalidate', ['k', 'a']],
    ['alice', 'shop', 'warm', ['start']],
    ['alice', 'shop', 'clear', []],
  ])
  expect(messages).toEqual(actions)
})

test('no response is cached, content-sniffed, or readable by other sites', async () => {
  const { get } = createManagedApp()
  for (const path of ['', 'stats', 'nothing']) {
    const { headers } = await get(path)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})
