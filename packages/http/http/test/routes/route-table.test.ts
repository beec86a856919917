import { describe, expect, test } from 'vitest'
import { httpCache, type Routes } from '../../src'
import { createRouteTable } from '../../src/routes/route-table'
import { memoryCache } from '../support/memory-cache'

function findRoute(table: Routes, method: string, path: string) {
  return createRouteTable(table as never, {}).matchRoute(method, path)
}

describe('a route', () => {
  test('is the first one whose pattern matches', () => {
    const table = { '/jobs/mine': { ttl: 1 }, '/jobs/:id': { ttl: 2 }, '/*': { ttl: 3 } }
    const routes = ['/jobs/mine', '/jobs/7', '/jobs/7/notes'].map(
      (path) => findRoute(table, 'GET', path).route,
    )
    expect(routes).toEqual(['/jobs/mine', '/jobs/:id', '/*'])
    expect(findRoute(table, 'GET', '/jobs/a%20b').params).toEqual({ id: 'a b' })
    expect(findRoute(table, 'GET', '/jobs/%zz').params).toEqual({ id: '%zz' })
  })

  test.each(['/ME/mail', '/me/mail/', '/%6De/mail', '/m%65/%6dail'])(
    'of %s is the same as that of /me/mail',
    (path) => {
      expect(findRoute({ '/me/*': { scope: 'private' } }, 'GET', path).route).toBe('/me/*')
    },
  )

  test('with a method matches that method alone, and HEAD as GET', () => {
    const table = { 'GET /a': {}, 'post /a': {}, '/a': {} }
    const methods = ['GET', 'HEAD', 'POST', 'PUT'].map((method) => findRoute(table, method, '/a').route)
    expect(methods).toEqual(['GET /a', 'GET /a', 'post /a', '/a'])
  })

  test('that is false has no rule', () => {
    expect(findRoute({ '/live/*': false }, 'GET', '/live/x').rule).toBeUndefined()
  })

  test('takes missing options from the defaults for all routes', () => {
    const { rule } = createRouteTable({ '/a': { ttl: '1s' } } as never, {
      ttl: '1m',
      vary: ['X-Lang'],
    }).matchRoute('GET', '/a')
    expect(rule?.ttl?.({} as never)).toBe(1_000)
    expect(rule?.vary).toEqual(['x-lang'])
  })
})

describe('httpCache rejects wrong options and names the right form', () => {
  test.each([
    [
      { routes: { jobs: {} } },
      "a route must be a path such as '/jobs/:id', or a method and a path such as 'POST /jobs'; got \"jobs\"",
    ],
    [{ routes: { '/a': { TTL: 1 } } }, 'routes[\'/a\'] has no option "TTL". Its options are: allowRefresh, '],
    [{ routes: { '/a': { scope: 'user' } } }, "scope must be 'public' or 'private'; got 'user'"],
    [
      { routes: { '/a': { scope: 'private' } } },
      'Routes with scope "private" need the option user: httpCache({ user:',
    ],
    [{ scope: 'private' }, 'Routes with scope "private" need the option user'],
    [{ route: {} }, 'httpCache has no option "route". Its options are: '],
    [
      { cacheStatus: 'two words' },
      'cacheStatus must be a token (RFC 9651) such as \'larder\'; got "two words"',
    ],
    [{ heuristic: 10 }, 'heuristic must be a number from 0 to 1, such as 0.1; got 10'],
    [{ ttl: '1 fortnight' }, 'ttl'],
    [{ staleIfError: 'long' }, 'staleIfError'],
  ])('if the options are %o', (options, message) => {
    expect(() => httpCache({ cache: memoryCache(), ...options } as never)).toThrow(message)
  })

  test('if the cache is missing', () => {
    expect(() => httpCache({} as never)).toThrow('httpCache needs a cache')
  })
})
