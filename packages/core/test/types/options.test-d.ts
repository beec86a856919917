import { describe, expectTypeOf, test } from 'vitest'
import {
  type CacheOptions,
  createCache,
  type Duration,
  type EntryOptions,
  type OpenStore,
  type SharedTier,
  type Store,
} from '../../src/index'

declare const store: Store

describe('durations', () => {
  test('are milliseconds or a number with a unit', () => {
    expectTypeOf(5_000).toExtend<Duration>()
    expectTypeOf<'5m'>().toExtend<Duration>()
    expectTypeOf<'1.5h'>().toExtend<Duration>()
    expectTypeOf<'30d'>().toExtend<Duration>()
    expectTypeOf<'0.5s'>().toExtend<Duration>()
    expectTypeOf<0>().toExtend<Duration>()
    expectTypeOf<'250ms'>().toExtend<Duration>()
  })

  test('of another form do not compile', () => {
    expectTypeOf<'5 minutes'>().not.toExtend<Duration>()
    expectTypeOf<'5'>().not.toExtend<Duration>()
    expectTypeOf<'m'>().not.toExtend<Duration>()
    expectTypeOf<'-5m'>().not.toExtend<Duration>()
    expectTypeOf<string>().not.toExtend<Duration>()
  })
})

describe('options', () => {
  test('of a cache include those of each entry', () => {
    expectTypeOf<CacheOptions>().toExtend<EntryOptions<never>>()
  })

  test('of a cache of one type give that type to their functions', () => {
    createCache<{ id: number }>({
      name: 'shop',
      store,
      ttl: (value) => {
        expectTypeOf(value).toEqualTypeOf<{ id: number }>()
        return '5m'
      },
      tags: ({ id }) => [`user:${id}`],
      cacheIf: (value: { readonly id: number }) => value.id > 0,
    })
  })

  test('of a cache of any values take functions of the values that they name', () => {
    const cache = createCache({
      name: 'shop',
      store,
      cacheIf: (value: { readonly id: number }) => value.id > 0,
    })
    expectTypeOf(cache.get('key')).resolves.toEqualTypeOf<unknown>()
  })

  test('that are misspelt do not compile', () => {
    createCache({ name: 'shop', store, ttl: '5m' })
    // @ts-expect-error the option is called ttl
    createCache({ name: 'shop', store, tll: '5m' })
    // @ts-expect-error a cache has a name
    createCache({ store })
  })

  test('can be undefined wherever they are optional', () => {
    createCache({ name: 'shop', store, ttl: undefined, tags: undefined })
  })
})

test('a store with shared tiers and no log does not compile', () => {
  expectTypeOf<{ shared: SharedTier[]; close(): Promise<void> }>().not.toExtend<OpenStore>()
  expectTypeOf<{ shared: []; close(): Promise<void> }>().toExtend<OpenStore>()
})
