import { afterEach, describe, expect, test, vi } from 'vitest'
import { httpCache } from '../../src'
import { createApplication } from '../support/application'
import { memoryCache } from '../support/memory-cache'

/** Reads a response to its end: only then is it stored. */
async function withoutBody(response: Response): Promise<Response> {
  await response.text()
  return response
}

describe('clientTtl', () => {
  test('lets browsers keep a response, as private where the rule is', async () => {
    const { fetch } = createApplication({
      clientTtl: '90s',
      user: () => 'ada',
      routes: { '/me': { scope: 'private' } },
    })
    const cacheControlOf = async (target: string) => (await fetch(target)).headers.get('cache-control')
    expect(await cacheControlOf('/me')).toBe('private, max-age=90')
  })

  test('counts from each response on, however old it is', async () => {
    let time = Date.now()
    const { fetch } = createApplication({
      ttl: '1h',
      clientTtl: '90s',
      cdnTtl: '1d',
      clock: { now: () => time },
    })
    const start = time
    for (const age of [0, 40, 600]) {
      time = start + age * 1_000
      const { headers } = await fetch('/a').then(withoutBody)
      expect([headers.get('cache-control'), headers.get('cdn-cache-control')]).toEqual([
        `max-age=${90 + age}`,
        `max-age=${86_400 + age}`,
      ])
      expect(headers.get('age') ?? '0').toBe(String(age))
    }
  })

  test('is sent with a Vary that names the fields of the rule, after those of the handler', async () => {
    const varyOf = async (options: object) => {
      const { fetch } = createApplication({ vary: ['X-Market'], ...options })
      const [first, hit] = [await fetch('/a').then(withoutBody), await fetch('/a').then(withoutBody)]
      return [first.headers.get('vary'), hit.headers.get('vary')]
    }
    expect(await varyOf({ clientTtl: '90s' })).toEqual(['x-market', 'x-market'])
    expect(await varyOf({ cdnTtl: '1d' })).toEqual(['x-market', 'x-market'])
    expect(await varyOf({})).toEqual([null, null])
  })

  test('must be a duration', () => {
    expect(() =>
      httpCache({ cache: memoryCache(), routes: { '/a': { clientTtl: 'soon' as never } } }),
    ).toThrow("routes['/a']: clientTtl must be a duration")
  })
})

test('a tag alone is a list of one, fixed or made by a function, for reads and for writes', async () => {
  const { cache, send } = createApplication({
    routes: {
      '/jobs': { ttl: '1m', tags: 'jobs:all', invalidates: 'stats' },
      '/jobs/:id': { ttl: '1m', tags: ({ params }) => `job:${params.id}` },
      '/stats': { ttl: '1m', tags: 'stats' },
    },
  })
  const readAll = () => Promise.all(['/jobs', '/jobs/7', '/stats'].map((target) => send(target)))
  expect(await readAll()).toEqual(['200 run 1', '200 run 2', '200 run 3'])
  await cache.invalidate(['job:7', 'j', 'jobs:a'])
  expect(await readAll()).toEqual(['200 run 1', '200 run 4', '200 run 3'])
  await send('/jobs', {}, 'POST')
  expect(await readAll()).toEqual(['200 run 6', '200 run 4', '200 run 7'])
})

describe('serverTiming', () => {
  const timing = (...names: string[]) =>
    new RegExp(`^${names.map((name) => `${name};dur=\\d+\\.\\d`).join(', ')}$`)

  test('measures the cache, and the handler where it ran', async () => {
    const { fetch } = createApplication({ serverTiming: true, routes: { '/excluded': false } })
    const measure = async (target: string, init = {}) => {
      const response = await fetch(target, init)
      await response.text()
      return response.headers.get('server-timing')
    }
    expect(await measure('/a')).toMatch(timing('cache', 'handler'))
    expect(await measure('/a')).toMatch(timing('cache'))
    expect(await measure('/excluded')).toMatch(timing('cache', 'handler'))
    expect(await measure('/a', { method: 'POST' })).toMatch(timing('cache', 'handler'))
    expect(await measure('/b', { headers: { 'cache-control': 'only-if-cached' } })).toMatch(timing('cache'))
  })

  test('is off by default, and must be a boolean', async () => {
    const { fetch } = createApplication()
    expect((await fetch('/a')).headers.get('server-timing')).toBeNull()
    expect(() => httpCache({ cache: memoryCache(), serverTiming: 'yes' as never })).toThrow(
      'httpCache: serverTiming must be true or false; got ',
    )
  })
})

describe('invalidateUser', () => {
  const asUser = (user: unknown) => ({ user })
  const options = {
    user: ({ user }: { readonly user?: unknown }) => user,
    routes: { '/shared': { scope: 'public' as const }, '/*': { scope: 'private' as const } },
  }

  test('ends the private responses of one user, and no others', async () => {
    const { send, responses } = createApplication(options)
    const targets = ['/me', '/orders?page=2', '/shared']
    for (const user of ['ada', 'bob']) for (const target of targets) await send(target, asUser(user))
    await responses.invalidateUser('ada')
    const bodies = async (user: string) => {
      const sent = []
      for (const target of targets) sent.push(await send(target, asUser(user)))
      return sent
    }
    expect(await bodies('bob')).toEqual(['200 run 4', '200 run 5', '200 run 3'])
    expect(await bodies('ada')).toEqual(['200 run 6', '200 run 7', '200 run 3'])
  })

  test.each([
    ['a number', 7, 7],
    ['a number as text', 7, '7'],
    ['an address', 'ada:*@example.org', 'ada:*@example.org'],
    ['text that is not ASCII', 'ädä 1', 'ädä 1'],
    ['a long text', 'x'.repeat(2_000), 'x'.repeat(2_000)],
  ])('takes %s', async (_, user, id) => {
    const { send, responses } = createApplication(options)
    expect(await send('/me', asUser(user))).toBe('200 run 1')
    expect(await send('/me', asUser(user))).toBe('200 run 1')
    await responses.invalidateUser(id)
    expect(await send('/me', asUser(user))).toBe('200 run 2')
  })

  test.each(['', Number.NaN, undefined, {}])('rejects %s, which names no user', async (id) => {
    const { responses } = createApplication(options)
    await expect(responses.invalidateUser(id as never)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })

  test('can be called by the handler of any request', async () => {
    const { send } = createApplication({
      ...options,
      onRun: (larder) => void larder.invalidateUser('bob'),
    })
    expect(await send('/me', asUser('bob'))).toMatch(/run 1$/)
    await send('/login', asUser('ada'), 'POST')
    expect(await send('/me', asUser('bob'))).toMatch(/run 3$/)
  })
})

describe('invalidates', () => {
  afterEach(() => void vi.useRealTimers())

  test('does not keep a client from its response for longer than 5 s', async () => {
    vi.useFakeTimers()
    const { send, warnings } = createApplication({
      routes: { 'POST /jobs': { invalidates: () => new Promise<never>(() => undefined) } },
    })
    const sent = send('/jobs', {}, 'POST')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await sent).toBe('200 run 1')
    expect(warnings).toEqual([
      expect.stringContaining("routes['POST /jobs'].invalidates takes longer than 5 s"),
    ])
  })
})
