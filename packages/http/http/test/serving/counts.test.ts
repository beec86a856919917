import { describe, expect, test } from 'vitest'
import { createApplication } from '../support/application'

const routes = { '/products/:id': {}, 'GET /about': {}, 'POST /products': {} }

describe('reads of responses are counted', () => {
  test('as those of the route, whatever its parameters, and not as those of a path', async () => {
    const { cache, send } = createApplication({ routes })
    for (const target of ['/products/1', '/products/1', '/products/2', '/about', '/other', '/other'])
      await send(target)
    const { functions } = cache.stats()
    expect(functions).toMatchObject({
      'http/GET /products/:id': {
        hits: { memory: 1 },
        misses: 2,
        computes: { value: 2 },
        fills: { stored: 2 },
      },
      'http/GET /about': { hits: {}, misses: 1 },
      'http/*': { hits: { memory: 1 }, misses: 1 },
    })
  })

  test('under the same name for a GET and for a HEAD that is answered from its response', async () => {
    const { cache, send } = createApplication({ routes })
    await send('/about')
    await send('/about', {}, 'HEAD')
    expect(cache.stats().functions['http/GET /about']).toMatchObject({ hits: { memory: 1 }, misses: 1 })
  })

  test('only for routes that were requested: the number of names is limited', async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`/${index}`, {}]))
    const { cache, send } = createApplication({ routes: many })
    await send('/7')
    expect(Object.keys(cache.stats().functions).filter((name) => name.startsWith('http/'))).toEqual([
      'http/*',
      'http/GET /7',
    ])
  })
})
