import { describe, expect, test } from 'vitest'
import { type Client, createApplication } from '../support/application'

const users: Record<string, (client: Client) => unknown> = {
  'a promise': ({ user }) => Promise.resolve(user),
  'a rejected promise': () => Promise.reject(new Error('no session')),
  NaN: () => Number.NaN,
  'a symbol': ({ user }) => Symbol(String(user)),
  'a function':
    ({ user }) =>
    () =>
      user,
  'a map': ({ user }) => new Map([['id', user]]),
  'an object': ({ user }) => ({ user }),
  'a bigint': () => 7n,
  'an empty string': () => '',
  false: () => false,
}

describe('a function `user`', () => {
  test.each(Object.keys(users))(
    'that returns %s makes the request bypass the cache, with a warning',
    async (name) => {
      const { send, warnings } = createApplication({
        user: users[name],
        routes: { '/me': { scope: 'private' } },
      })
      expect(await send('/me', { user: 'ada' })).toBe('200 run 1')
      expect(await send('/me', { user: 'bob' })).toBe('200 run 2')
      expect(await send('/other', { user: 'bob' })).toBe('200 run 3')
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toMatch(/^httpCache: user (must return a string or a number|returned a promise)/)
    },
  )

  test('that throws makes the request bypass the cache, with a warning', async () => {
    const { send, warnings } = createApplication({
      user: () => {
        throw new TypeError('no session')
      },
    })
    expect([await send('/a'), await send('/a')]).toEqual(['200 run 1', '200 run 2'])
    expect(warnings).toEqual(['httpCache: user failed, so the request bypasses the cache: no session'])
  })

  test('may return a number', async () => {
    const { send } = createApplication({ user: ({ user }: Client) => user, scope: 'private' })
    expect([
      await send('/me', { user: 1 }),
      await send('/me', { user: 2 }),
      await send('/me', { user: 1 }),
    ]).toEqual(['200 run 1', '200 run 2', '200 run 1'])
  })

  test('makes a request personal on a public route too, unless the rule says that it is for everybody', async () => {
    const { send } = createApplication({
      user: ({ user }: Client) => user,
      routes: { '/open': { scope: 'public' } },
    })
    expect(await send('/a', { user: 'ada' })).toBe('200 run 1')
    expect(await send('/a')).toBe('200 run 2')
    expect(await send('/a', { user: 'bob' })).toBe('200 run 3')
    expect(await send('/a')).toBe('200 run 2')
    expect([await send('/open', { user: 'ada' }), await send('/open')]).toEqual(['200 run 4', '200 run 4'])
  })
})

test('a field listed in `credentials` makes a request personal', async () => {
  const { send } = createApplication({ credentials: ['X-API-Key'] })
  const get = (fields: Record<string, string>) => send('/a', {}, 'GET', fields)
  expect(await get({ 'x-api-key': 'good' })).toBe('200 run 1')
  expect(await get({})).toBe('200 run 2')
  expect(await get({ 'x-api-key': 'good' })).toBe('200 run 3')
})

/** Returns what no function of a rule may return. */
const anything: () => never = () => 7n as never
const fail: () => never = () => {
  throw new Error('broken')
}
const promise: () => never = () => Promise.resolve([]) as never

describe('a function of a rule that fails or returns something else never fails the request:', () => {
  test.each([
    ['key', anything],
    ['key', fail],
    ['key', promise],
    ['cacheIf', anything],
    ['cacheIf', fail],
    ['cacheIf', promise],
    ['ttl', anything],
    ['ttl', fail],
    ['ttl', promise],
    ['tags', anything],
    ['tags', fail],
    ['tags', promise],
    ['tags', () => ['a\r\nb']],
    ['tags', () => ['x'.repeat(600)]],
    ['tags', () => [7]],
  ])('%s %#', async (option, fn) => {
    const { send, warnings } = createApplication({ routes: { '/a': { [option]: fn } } })
    expect([await send('/a'), await send('/a')]).toEqual(['200 run 1', '200 run 2'])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`httpCache: routes['/a'].${option} `)
  })

  test.each([
    ['throws', fail],
    ['returns something else', anything],
    ['rejects', async () => fail()],
    ['returns an invalid tag', () => ['a\nb']],
  ])('invalidates that %s: the write still invalidates its own target', async (_, invalidates) => {
    const { send, warnings } = createApplication({ routes: { 'POST /a': { invalidates } } })
    expect(await send('/a')).toBe('200 run 1')
    expect(await send('/a', {}, 'POST')).toBe('200 run 2')
    expect(await send('/a')).toBe('200 run 3')
    expect(warnings).toHaveLength(1)
  })
})

test('a function `invalidates` may be asynchronous', async () => {
  const { send } = createApplication({
    tags: ['jobs'],
    routes: { 'POST /jobs': { invalidates: async () => ['jobs'] } },
  })
  expect(await send('/board')).toBe('200 run 1')
  await send('/jobs', {}, 'POST')
  expect(await send('/board')).toBe('200 run 3')
})

test('a function `refreshIf` runs the handler and replaces the stored response', async () => {
  const { send } = createApplication({
    routes: { '/a': { query: [], refreshIf: ({ query }) => query.has('force_refresh') } },
  })
  // The second waits until the response is stored.
  expect([await send('/a'), await send('/a')]).toEqual(['200 run 1', '200 run 1'])
  expect(await send('/a?force_refresh')).toBe('200 run 2')
  // It is stored after the client has got it.
  await expect.poll(() => send('/a')).toBe('200 run 2')
})

test.each(['SEARCH', 'PROPFIND', 'REPORT', 'QUERY'])(
  '%s, a safe method, invalidates nothing',
  async (method) => {
    const { send } = createApplication({})
    expect(await send('/a')).toBe('200 run 1')
    await send('/a', {}, method)
    expect(await send('/a')).toBe('200 run 1')
  },
)
