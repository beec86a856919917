import { describe, expect, test } from 'vitest'
import { httpCache, type Routes } from '../../src'
import { createRoutes } from '../../src/routes/routes'
import { memoryCache } from '../support/memory-cache'

function find(table: Routes, method: string, path: string) {
  return createRoutes(table as never, {}).match(method, path)
}

describe('a route', () => {
  test('is the first whose pattern matches', () => {
    const table = { '/jobs/mine': { ttl: 1 }, '/jobs/:id': { ttl: 2 }, '/*': { ttl: 3 } }
    const routes = ['/jobs/mine', '/jobs/7', '/jobs/7/notes'].map((path) => find(table, 'GET', path).route)
    expect(routes).toEqual(['/jobs/mine', '/jobs/:id', '/*'])
    expect(find(table, 'GET', '/jobs/a%20b').params).toEqual({ id: 'a b' })
    expect(find(table, 'GET', '/jobs/%zz').params).toEqual({ id: '%zz' })
  })

  test.each(['/ME/mail', '/me/mail/', '/%6De/mail', '/m%65/%6dail'])('of %s is that of /me/mail', (path) => {
    expect(find({ '/me/*': { scope: 'private' } }, 'GET', path).route).toBe('/me/*')
  })

  test('with a method is for that method alone, and HEAD goes with GET', () => {
    const table = { 'GET /a': {}, 'post /a': {}, '/a': {} }
    const methods = ['GET', 'HEAD', 'POST', 'PUT'].map((method) => find(table, method, '/a').route)
    expect(methods).toEqual(['GET /a', 'GET /a', 'post /a', '/a'])
  })

  test('that is false keeps the cache away', () => {
    expect(find({ '/live/*': false }, 'GET', '/live/x').rule).toBeUndefined()
  })

  test('takes what it does not say from the defaults for all', () => {
    const { rule } = createRoutes({ '/a': { ttl: '1s' } } as never, { ttl: '1m', vary: ['X-Lang'] }).match(
      'GET',
      '/a',
    )
    expect(rule?.ttl?.({} as never)).toBe(1_000)
    expect(rule?.vary).toEqual(['x-lang'])
  })
})

describe('a wrong guess is told what to write instead', () => {
  test.each([
    [{ routes: { jobs: {} } }, '"jobs" is no route. Write a path such as \'/jobs/:id\''],
    [{ routes: { '/a': { TTL: 1 } } }, 'routes[\'/a\'] knows no option "TTL". There are: allowRefresh, '],
    [{ routes: { '/a': { scope: 'user' } } }, "scope is 'public' or 'private', not user"],
    [{ routes: { '/a': { scope: 'private' } } }, 'Private routes need to know who asks: httpCache({ user:'],
    [{ scope: 'private' }, 'Private routes need to know who asks'],
    [{ route: {} }, 'httpCache knows no option "route". There are: '],
    [{ cacheStatus: 'two words' }, '"two words" is no token'],
    [{ heuristic: 10 }, 'heuristic: 10 is not a share'],
    [{ ttl: '1 fortnight' }, 'ttl'],
    [{ staleIfError: 'long' }, 'staleIfError'],
  ])('%o', (options, message) => {
    expect(() => httpCache({ cache: memoryCache(), ...options } as never)).toThrow(message)
  })

  test('and that a cache is missing', () => {
    expect(() => httpCache({} as never)).toThrow('httpCache needs a cache')
  })
})
