import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { LarderError } from '@larder/core'
import { describe, expect, test, vi } from 'vitest'
import { type AdminAction, type AdminOptions, adminHandler } from '../src/index'
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
  'audit',
  'sweep',
  'openapi.json',
  'nothing',
]

const authorize = () => true
const valid = () => ({ caches: createManagedApp().cache, authorize })

describe('a handler without authorize or without caches, or with wrong options,', () => {
  test('cannot be created', () => {
    const { cache } = createManagedApp()
    expect(() => adminHandler({ caches: cache } as never)).toThrow('adminHandler needs authorize')
    expect(() => adminHandler({ caches: [], authorize: () => true })).toThrow('adminHandler needs caches')
  })

  test.each<[options: unknown, message: RegExp]>([
    [undefined, /adminHandler takes its options as an object; got null/],
    [{ caches: [{}], authorize }, /adminHandler needs caches/],
    [{ caches: null, authorize }, /adminHandler needs caches/],
    [{ ...valid(), showvalues: true }, /adminHandler has no option "showvalues"\. Write showValues\./],
    [{ ...valid(), showValues: 'no' }, /showValues must be true or false; got 'no'/],
    [{ ...valid(), hosts: 'admin.example' }, /hosts must be a list such as \['admin\.example'\]/],
    [{ ...valid(), onAction: 'log' }, /onAction must be a function such as/],
  ])('cannot be created with %o, and says what to write', (options, message) => {
    expect(() => adminHandler(options as never)).toThrow(message)
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

  test.each([
    ['null', null],
    ['an empty object', {}],
    ['an array', []],
    ['an unknown right', { may: 'none' }],
    ['a missing right', { may: undefined }],
    ['a response', new Response(null, { status: 401 })],
    ['an error', new Error('no')],
    ['a session', { id: 7, role: 'guest' }],
    ['a number', 1],
    ['a text', 'write'],
    ['a right in an array', { may: ['write'] }],
  ])('if authorize returns %s, which is no access', async (_, decision) => {
    const { get, post } = createManagedApp({ authorize: () => decision as never })
    expect((await get('keys')).status).toBe(403)
    expect((await post('invalidate', { tags: ['a'] })).status).toBe(403)
  })

  test('for a host that is not one of `hosts`, as after DNS rebinding', async () => {
    const authorize = vi.fn(() => true)
    const { handleRequest } = createManagedApp({ hosts: ['ops.example', 'localhost:3000'], authorize })
    const statusOf = async (host: string) => (await handleRequest(new Request(`http://${host}/stats`))).status
    expect([await statusOf('evil.example'), await statusOf('localhost:4000')]).toEqual([421, 421])
    expect(authorize).not.toHaveBeenCalled()
    expect([await statusOf('OPS.example:8080'), await statusOf('localhost:3000')]).toEqual([200, 200])
  })

  test.each(['PUT', 'DELETE', 'OPTIONS', 'SEARCH'])(
    'by %s before anything else is looked at',
    async (method) => {
      const authorize = vi.fn(() => true)
      const { handleRequest } = createManagedApp({ authorize })
      const response = await handleRequest(new Request(`${origin}/keys/%zz`, { method }))
      expect(response.status).toBe(405)
      expect(authorize).not.toHaveBeenCalled()
    },
  )

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
    for (const path of [
      'health',
      'stats',
      'performance',
      'keys',
      'tags',
      'invalidations',
      'warm',
      'audit',
      'sweep',
    ])
      expect((await get(path)).status).toBe(200)
  })

  test.each(['invalidate', 'clear', 'warm', 'audit', 'sweep'])('does not allow POST %s', async (path) => {
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
    ['warm', {}, 400, 'Give name; or function and arguments.'],
    ['warm', { function: 'product' }, 400, 'Give name; or function and arguments.'],
    ['warm', { name: 'all', arguments: [[1]] }, 400, 'Give name; or function and arguments.'],
    ['warm', { function: 'constructor', arguments: [[]] }, 404, 'The functions are: none'],
    ['audit', { name: 'all' }, 404, 'by the option audits.'],
    ['audit', { name: 'all', repair: 'yes' }, 400, 'repair must be true or false.'],
    ['audit', { name: 'all', sample: 1_001 }, 400, 'sample must be an integer from 1 to 1000.'],
    ['audit', { name: 'all', rate: 1_000 }, 400, 'The fields are: name, sample, repair.'],
    ['sweep', { all: true }, 400, 'The fields are: none.'],
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

describe('every action is published to onAction and the diagnostics channel', () => {
  /** Operates the caches as `act` says, and returns the records without their times. */
  async function recordActions(
    options: Partial<AdminOptions>,
    act: (app: ReturnType<typeof createManagedApp>) => Promise<unknown>,
  ) {
    const actions: AdminAction[] = []
    const messages: unknown[] = []
    const listener = (message: unknown) => messages.push(message)
    subscribe('larder:admin', listener)
    await act(
      createManagedApp({
        authorize: () => ({ may: 'write', as: 'alice' }),
        onAction: (action) => actions.push(action),
        ...options,
      }),
    )
    unsubscribe('larder:admin', listener)
    expect(messages).toEqual(actions)
    return actions.map(({ at, ...action }) => {
      expect(at).toBeInstanceOf(Date)
      return action
    })
  }

  test('with its user and its targets', async () => {
    const records = await recordActions({ warmUps: { start: () => [] } }, async ({ post }) => {
      await post('invalidate?namespace=jobs', { tags: ['a'], keys: ['k'], patterns: ['x*'], mode: 'soft' })
      await post('warm', { name: 'start' })
      const { body } = await post('clear', {})
      await post('clear', { confirm: body.confirm })
    })
    const done = { cache: 'shop', as: 'alice', outcome: 'done' }
    expect(records).toEqual([
      {
        ...done,
        action: 'invalidate',
        targets: { namespace: ['jobs'], keys: ['k'], tags: ['a'], patterns: ['x*'], mode: 'soft' },
      },
      { ...done, action: 'warm', targets: { warmUp: 'start' } },
      { ...done, action: 'clear', targets: {} },
    ])
  })

  test('if it is refused: for lack of access, from another site, or because of its input', async () => {
    const attempt = { cache: 'shop', outcome: 'refused', targets: undefined }
    const none = await recordActions({ authorize: () => false }, ({ post }) => post('clear', {}))
    expect(none).toEqual([{ ...attempt, as: undefined, action: 'clear', reason: 'No access' }])
    const read = await recordActions({ authorize: () => ({ may: 'read', as: 'bob' }) }, ({ post }) =>
      post('invalidate', { tags: ['a'] }),
    )
    expect(read).toEqual([{ ...attempt, as: 'bob', action: 'invalidate', reason: 'Read only' }])
    const others = await recordActions({}, async ({ post }) => {
      await post('warm', { name: 'x' }, { origin: 'https://evil.example' })
      await post('warm', { name: 'x' })
    })
    expect(others.map(({ as, reason }) => [as, reason])).toEqual([
      [undefined, 'Cross-site request'],
      ['alice', 'No such warm-up'],
    ])
  })

  test('if a value is shown, while other reads are not recorded', async () => {
    const show = async ({ cache, get }: ReturnType<typeof createManagedApp>) => {
      await cache.set('k', 1)
      await get('keys/k')
      await get('keys')
    }
    expect(await recordActions({}, show)).toEqual([])
    expect(await recordActions({ showValues: true }, show)).toMatchObject([
      { action: 'show', outcome: 'done', targets: { keys: ['k'] } },
    ])
  })

  test('if it fails, after which a part of it may have been done', async () => {
    const records = await recordActions({ onError: () => undefined }, async ({ cache, post }) => {
      vi.spyOn(cache, 'invalidate').mockRejectedValue(new Error('broken'))
      expect((await post('invalidate', { keys: ['k'], tags: ['a'] })).status).toBe(500)
    })
    expect(records).toMatchObject([
      { action: 'invalidate', outcome: 'failed', reason: 'Failed', targets: { keys: ['k'], tags: ['a'] } },
    ])
  })
})

test.each([
  ['a tag', { keys: ['k'], tags: ['\u0001'] }],
  ['a pattern', { keys: ['k'], patterns: ['*'.repeat(300)] }],
  ['a key', { keys: ['k', 7] }],
])('nothing is invalidated if %s of the same request is invalid', async (_, body) => {
  const { cache, post } = createManagedApp()
  await cache.set('k', 1)
  expect((await post('invalidate', body)).status).toBe(400)
  expect(await cache.get('k')).toBe(1)
})

test('a closed cache and a store that fails are answered with 503, without its address', async () => {
  const onError = vi.fn()
  const { cache, get } = createManagedApp({ onError })
  vi.spyOn(cache, 'keys').mockRejectedValueOnce(
    new LarderError('STORE_FAILED', 'connect ENOENT //user:secret@10.0.0.7'),
  )
  const failed = await get('keys')
  expect([failed.status, failed.body.title]).toEqual([503, 'Not available'])
  expect(JSON.stringify(failed.body)).not.toContain('10.0.0.7')
  await cache.close()
  expect((await get('keys')).body).toMatchObject({ status: 503, detail: 'The cache is closed.' })
  expect(onError).not.toHaveBeenCalled()
})

test('a body that is cut off is answered with 400, is recorded, and is no error of the application', async () => {
  const [onError, onAction] = [vi.fn(), vi.fn()]
  const { handleRequest } = createManagedApp({ onError, onAction })
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('The client left.')) })
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  expect((await handleRequest(new Request(`${origin}/invalidate`, init))).status).toBe(400)
  expect(onAction.mock.calls).toMatchObject([
    [{ action: 'invalidate', outcome: 'refused', reason: 'Cut off' }],
  ])
  expect(onError).not.toHaveBeenCalled()
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
