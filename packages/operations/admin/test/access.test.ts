import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test, vi } from 'vitest'
import { type AdminAction, adminHandler } from '../src/index'
import { operated, origin } from './support/operated'

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

describe('nobody gets in', () => {
  test('where authorize is left out: there is no handler then', () => {
    const { cache } = operated()
    expect(() => adminHandler({ caches: cache } as never)).toThrow('adminHandler needs authorize')
    expect(() => adminHandler({ caches: [], authorize: () => true })).toThrow('adminHandler needs caches')
  })

  test.each(paths)('to /%s whom authorize does not let in', async (path) => {
    for (const authorize of [() => false, () => undefined, async () => false]) {
      const { status, body } = await operated({ authorize }).get(path)
      expect([status, body]).toEqual([
        403,
        { status: 403, title: 'No access', detail: 'You may not operate these caches.' },
      ])
    }
  })

  test('when authorize fails, and nothing is told of why', async () => {
    const onError = vi.fn()
    const { status, body } = await operated({
      onError,
      authorize: () => {
        throw new Error('the directory at 10.0.0.7 is down')
      },
    }).get('stats')
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('10.0.0.7')
    expect(onError).toHaveBeenCalledTimes(1)
  })

  test('from another site', async () => {
    const { get, post, cache } = operated()
    await cache.set('k', 1)
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign) {
      expect((await get('stats', headers as Record<string, string>)).status).toBe(403)
      expect((await post('invalidate', { keys: ['k'] }, headers as Record<string, string>)).status).toBe(403)
    }
    expect(await cache.get('k')).toBe(1)
    expect((await get('stats', { 'sec-fetch-site': 'same-origin', origin })).status).toBe(200)
  })
})

describe('who may only look', () => {
  const reader = () => operated({ authorize: () => ({ may: 'read' }) })

  test('sees everything', async () => {
    const { get } = reader()
    for (const path of ['health', 'stats', 'performance', 'keys', 'tags', 'invalidations', 'warm'])
      expect((await get(path)).status).toBe(200)
  })

  test.each(['invalidate', 'clear', 'warm'])('cannot %s', async (path) => {
    expect((await reader().post(path, {})).body).toMatchObject({ status: 403, title: 'Read only' })
  })
})

describe('a request that means nothing is told why', () => {
  test.each([
    ['invalidate', 'tags', 400, 'cannot be read as JSON'],
    ['invalidate', '[]', 400, 'must be a JSON object'],
    ['invalidate', {}, 400, 'Name what to end'],
    ['invalidate', { tag: ['a'] }, 400, 'There is no field "tag". There are: keys, tags, patterns, mode.'],
    ['invalidate', { tags: 'a' }, 400, 'tags is a list of at most 500 texts.'],
    ['invalidate', { tags: [''] }, 400, 'A tag is a string of 1 to 512 characters'],
    ['invalidate', { tags: ['a'], mode: 'gentle' }, 400, 'mode is one of hard, soft.'],
    ['invalidate', { tags: ['x'.repeat(70_000)] }, 413, 'more than 65536 bytes'],
    ['warm', { name: 'all' }, 404, 'There are: none; see the option warmUps.'],
    ['warm', { name: 'constructor' }, 404, 'There are: none'],
  ])('POST %s %o', async (path, body, status, detail) => {
    const answer = await operated().post(path, body)
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json'])
    expect(answer.body.detail).toContain(detail)
  })

  test('also what is no JSON, the wrong method, and parameters out of bounds', async () => {
    const { get, post } = operated()
    expect((await post('invalidate', '{"tags":["a"]}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await get('invalidate')).body).toMatchObject({ status: 405, detail: 'This takes POST.' })
    expect((await get('keys?limit=5000')).body.detail).toBe(
      'limit is a whole number from 1 to 1000, not "5000".',
    )
    expect((await get('stats?cache=other')).body.detail).toBe('There are: shop.')
    expect((await get('keys/%zz')).status).toBe(400)
  })
})

test('everything that is done is told of, and by whom', async () => {
  const actions: AdminAction[] = []
  const heard: unknown[] = []
  const listener = (message: unknown) => heard.push(message)
  subscribe('larder:admin', listener)
  const { post } = operated({
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
  expect(heard).toEqual(actions)
})

test('no answer is kept, guessed at, or shared with other sites', async () => {
  const { get } = operated()
  for (const path of ['', 'stats', 'nothing']) {
    const { headers } = await get(path)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})
