import { describe, expect, test } from 'vitest'
import { httpCache, type Routes } from '../../src'
import { createRouteTable } from '../../src/routes/route-table'
import { memoryCache } from '../support/memory-cache'

function findRoute(table: Routes, method: string, path: string) {
  return createRouteTable(table as never, {}, () => undefined).matchRoute(method, path)
}

const nameRoute = (table: Routes, method: string, path: string) => {
  const { route, rule } = findRoute(table, method, path)
  return rule === undefined ? 'bypass' : route
}

describe('a route', () => {
  test('is the first one whose pattern matches', () => {
    const table = { '/jobs/mine': { ttl: 1 }, '/jobs/:id': { ttl: 2 }, '/*': { ttl: 3 } }
    const routes = ['/jobs/mine', '/jobs/7', '/jobs/7/notes'].map(
      (path) => findRoute(table, 'GET', path).route,
    )
    expect(routes).toEqual(['/jobs/mine', '/jobs/:id', '/*'])
    expect(findRoute(table, 'GET', '/jobs/a%20b').params).toEqual({ id: 'a b' })
    expect(findRoute(table, 'GET', '/jobs/100%25').params).toEqual({ id: '100%' })
  })

  test('with a method is tried before those without, wherever it stands', () => {
    const table = { '/jobs': { ttl: 1 }, '/jobs/:id': { ttl: 1 }, 'POST /jobs': { invalidates: ['jobs'] } }
    expect(nameRoute(table, 'POST', '/jobs')).toBe('POST /jobs')
    expect(nameRoute(table, 'GET', '/jobs')).toBe('/jobs')
  })

  test('with a method matches that method alone, and HEAD as GET', () => {
    const table = { 'GET /a': {}, 'post /a': {}, '/a': { invalidates: ['a'] } }
    const methods = ['GET', 'HEAD', 'POST', 'PUT'].map((method) => findRoute(table, method, '/a').route)
    expect(methods).toEqual(['GET /a', 'GET /a', 'post /a', '/a'])
  })

  test('for reads hides none for writes, nor the other way round', () => {
    const table = { '/jobs': { ttl: 1 }, '/*': { invalidates: ['all'] }, '/jobs/:id': { ttl: 2 } }
    expect(['GET', 'PUT'].map((method) => nameRoute(table, method, '/jobs/7'))).toEqual(['/jobs/:id', '/*'])
    expect(['GET', 'PUT'].map((method) => nameRoute(table, method, '/jobs'))).toEqual(['/jobs', '/*'])
  })

  test('gives paths that only some routers take for its own its restrictions, and no permission', () => {
    const table: Routes = {
      '/open/:id': { scope: 'public', query: ['page'], allowSetCookie: true, vary: ['X-Lang'] },
      '/me/*': { scope: 'private' },
    }
    const permitted = { isExplicitlyPublic: true, query: ['page'], allowSetCookie: true, vary: ['x-lang'] }
    for (const path of ['/open/7', '/open/7/', '/open/Seven', '/open/a%20b', '/open/urn%3Ab'])
      expect([path, findRoute(table, 'GET', path).rule]).toMatchObject([path, permitted])
    const restricted = {
      isExplicitlyPublic: false,
      query: undefined,
      allowSetCookie: false,
      vary: ['x-lang'],
    }
    for (const path of ['/OPEN/7', '/%6Fpen/7', '/Open/urn%3Ab'])
      expect([path, findRoute(table, 'GET', path).rule]).toMatchObject([path, restricted])
    expect(findRoute(table, 'GET', '/ME/mail').rule?.scope).toBe('private')
  })

  test('that is false has no rule', () => {
    expect(findRoute({ '/live/*': false }, 'GET', '/live/x').rule).toBeUndefined()
  })

  test('with a wildcard at its end also matches the path before it', () => {
    expect(nameRoute({ '/me/*': { scope: 'private' } }, 'GET', '/me')).toBe('/me/*')
    expect(nameRoute({ '/me/*': { scope: 'private' } }, 'GET', '/menu')).toBe('')
  })

  test('takes missing options from the defaults for all routes', () => {
    const { rule } = createRouteTable(
      { '/a': { ttl: '1s' } } as never,
      { ttl: '1m', vary: ['X-Lang'] },
      () => undefined,
    ).matchRoute('GET', '/a')
    expect(rule?.ttl?.({} as never)).toBe(1_000)
    expect(rule?.vary).toEqual(['x-lang'])
  })
})

test('a bare number below a second is warned of, once for all routes and once for each route', () => {
  const warnings: string[] = []
  const warn = (subject: string, problem: string) => void warnings.push(`${subject} ${problem}`)
  const table = { '/a': { staleWhileRevalidate: 30 }, '/b': { ttl: '60ms' }, '/c': { clientTtl: 5_000 } }
  createRouteTable(table as never, { ttl: 60 }, warn)
  expect(warnings).toEqual([
    "ttl: 60 is 60 milliseconds. Write '60s' if seconds are meant, and '60ms' otherwise.",
    "routes['/a'].staleWhileRevalidate: 30 is 30 milliseconds. Write '30s' if seconds are meant, and '30ms' otherwise.",
  ])
})

test('a path is exact if it is spelled as the pattern, with the escapes that are necessary', () => {
  const isExact = (path: string) => findRoute({ '/jobs/:id': {} }, 'GET', path).isExact
  expect(['/jobs/7', '/jobs/a%20b', '/jobs/%C3%A9'].map(isExact)).toEqual([true, true, true])
  const others = ['/jobs/7/', '/JOBS/7', '/jobs/%37', '/jobs/%c3%a9', '/jobs/a%2Bb', '/jobs//7'].map(isExact)
  expect(others).toEqual(others.map(() => false))
})

describe('a pattern is literal text:', () => {
  test.each([
    ['/search+more', '/search+more'],
    ['/files/$latest', '/files/$latest'],
    ['/(group)/x', '/(group)/x'],
    ['/c++', '/c++'],
    ['/v1.0/x', '/v1.0/x'],
    ['/konto/über', '/konto/%C3%BCber'],
    ['/konto/%C3%BCber', '/konto/%C3%BCber'],
    ['/my files/*', '/my%20files/x'],
    ['/!me', '/%21me'],
    ['/:id.json', '/7.json'],
  ])('%s matches %s', (pattern, path) => {
    expect(nameRoute({ [pattern]: {} }, 'GET', path)).toBe(pattern)
  })

  test('a dot matches only a dot', () => {
    expect(nameRoute({ '/v1.0/x': {} }, 'GET', '/v1X0/x')).toBe('')
  })
})

describe('no spelling of a path that a router may take for a private route leads to a public rule:', () => {
  const table = {
    '/account/*': { scope: 'private' },
    '/konto/über': { scope: 'private' },
    '/a+b': { scope: 'private' },
    '/*': { ttl: 1 },
  } as const
  test.each([
    ...['/ACCOUNT/mail', '/account/mail/', '/account//mail', '/account/%6Dail', '/account/ma;il'],
    ...[
      '/%61ccount/mail',
      '//account/mail',
      '/x/../account/mail',
      '/./account/mail',
      '/x/%2e%2e/account/mail',
    ],
    ...['/account;a=b/mail', '/account%2Fmail', '/account%5Cmail', '/ACCOUNT', '/account;x'],
    ...[
      '/konto/%C3%BCber',
      '/konto/%C3%9CBER',
      '/KONTO/%c3%bcber/',
      '//konto//%C3%BCber',
      '/konto/%C3%BCber;x',
    ],
    ...['/a+b', '/a%2Bb', '/a%2bb/'],
    ...['/account/%zz', '/account/\u00fc', '/account/{x}', 'http://h/account/x', '/account/x#y', ''],
  ])('%s', (path) => {
    expect(nameRoute(table, 'GET', path)).not.toBe('/*')
  })

  test('and ordinary escapes do not lead past the cache', () => {
    expect(nameRoute(table, 'GET', '/caf%C3%A9/my%20file')).toBe('/*')
  })
})

test('routes that are not hidden by others are accepted', () => {
  const table = {
    '/:x/:y': { ttl: 1 },
    '/a/*': { ttl: 2 },
    '/b': { ttl: 1 },
    '/b/*': { ttl: 2 },
    'POST /b': { invalidates: ['b'] },
    '/*': { ttl: 3, invalidates: ['all'] },
  }
  expect(() => createRouteTable(table as never, {}, () => undefined)).not.toThrow()
})

describe('httpCache rejects wrong options and names the right form', () => {
  test.each([
    [
      { routes: { jobs: {} } },
      "a route must be a path such as '/jobs/:id', or a method and a path such as 'POST /jobs'; got \"jobs\"",
    ],
    [
      { routes: { '/a': { TTL: 1 } } },
      'routes[\'/a\'] has no option "TTL". Write ttl. Its options are: allowRefresh, ',
    ],
    [{ routes: { '/a': { swr: 1 } } }, 'has no option "swr". Write staleWhileRevalidate.'],
    [{ routes: { '/a': '1m' } }, "routes['/a'] takes its options as an object, such as { ttl: '1m' }"],
    [{ routes: { '/a': { scope: 'user' } } }, "routes['/a']: scope must be 'public' or 'private'; got"],
    [{ routes: { '/a': { query: 'page' } } }, "query must be a list of names such as ['page']; got"],
    [{ routes: { '/a': { vary: [''] } } }, "vary must be a list of names such as ['accept-language']"],
    [
      { statuses: 404 },
      'httpCache: statuses must be a list of status codes that may be stored, such as [404, 410]',
    ],
    [
      { statuses: [429] },
      'httpCache: statuses must be a list of status codes that may be stored, such as [404, 410]',
    ],
    [{ allowSetCookie: 'yes' }, 'httpCache: allowSetCookie must be true or false'],
    [{ maxBodySize: '1mb' }, 'httpCache: maxBodySize must be a number of bytes'],
    [{ maxKeys: 0 }, 'httpCache: maxKeys must be a whole number above 0'],
    [{ credentials: 'x-api-key' }, "httpCache: credentials must be a list of names such as ['x-api-key']"],
    [{ tagField: 'tags' }, "httpCache: tagField must be 'surrogate-key' or 'cache-tag'"],
    [{ cacheStatus: { byPass: true } }, 'httpCache: cacheStatus has no option "byPass". Write bypass.'],
    [{ keepStale: '10 fortnights' }, 'httpCache: keepStale'],
    [{ routes: { '/jobs/:id?': {} } }, 'a path is literal text with :name and *, but "?" is neither'],
    [{ routes: { '/(a|b)': {} } }, '"|" is neither'],
    [{ routes: { '/:id(\\d+)': {} } }, 'neither'],
    [{ routes: { '/*splat': {} } }, '"*s" is neither'],
    [{ routes: { '/{opt}': {} } }, '"{" is neither'],
    [{ routes: { '/100%': {} } }, 'has an invalid percent-encoding'],
    [
      { routes: { '/*': { ttl: 1 }, '/jobs/:id': { ttl: 2 } } },
      "routes['/jobs/:id'] can never apply: '/*' is tried before it",
    ],
    [{ routes: { '/a': { ttl: 1 }, '/A/': { ttl: 2 } } }, "routes['/A/'] can never apply: '/a' is tried"],
    [{ routes: { '/a': { ttl: 1 }, 'GET /a': { ttl: 2 } } }, "routes['/a'] can never apply: 'GET /a' is"],
    [{ routes: { '/:x': { ttl: 1 }, '/:y': { ttl: 2 } } }, "routes['/:y'] can never apply"],
    [{ routes: { 'OPTIONS /a': {} } }, "routes['OPTIONS /a']: responses to OPTIONS are never stored"],
    [{ routes: { 'POST /a': { ttl: 1 } } }, 'ttl has no effect on POST'],
    [{ routes: { 'GET /a': { invalidates: ['a'] } } }, 'invalidates is for unsafe methods'],
    [{ user: async () => 'ada' }, 'user must not be asynchronous. Identify the user in a middleware before'],
    [{ user: 'ada' }, 'user must be a function; got a value of type string'],
    [
      { routes: { '/a': { cacheIf: async () => false } } },
      "routes['/a'].cacheIf must not be asynchronous. Do the asynchronous part in a middleware before the cache",
    ],
    [{ ttl: async () => 5 }, 'ttl must not be asynchronous. Let the handler find out, and call larder.ttl'],
    [{ tags: ['a\nb'] }, 'A tag is a string of 1 to 512 characters'],
    [
      { routes: { '/a': { scope: 'private' } } },
      'Routes with scope "private" need the option user: httpCache({ user:',
    ],
    [{ scope: 'private' }, 'Routes with scope "private" need the option user'],
    [{ route: {} }, 'httpCache has no option "route". Write routes. Its options are: '],
    [{ cacheStatus: 'two words' }, "httpCache: cacheStatus must be a token (RFC 9651) such as 'larder'; got"],
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
