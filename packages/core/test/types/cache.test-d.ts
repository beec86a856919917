import { describe, expectTypeOf, test } from 'vitest'
import type { Cache, EntryView, Invalidated, Wrapped } from '../../src/index'

// Checked by the compiler alone: `tsc` reads these files, and no test runner does.

interface User {
  readonly id: number
  readonly org: number
}
declare const cache: Cache
declare const users: Cache<User>
declare function loadUser(id: number): Promise<User>

describe('a cache of any values', () => {
  test('returns what the computation returns, resolved', () => {
    expectTypeOf(cache.getOrCompute('key', () => loadUser(1))).resolves.toEqualTypeOf<User>()
    expectTypeOf(cache.getOrCompute('key', () => 1)).resolves.toEqualTypeOf<number>()
  })

  test('returns unknown where the caller does not say what is cached', () => {
    expectTypeOf(cache.get('key')).resolves.toEqualTypeOf<unknown>()
    expectTypeOf(cache.get<User>('key')).resolves.toEqualTypeOf<User | undefined>()
  })

  test('says of every write whether it is in force everywhere', () => {
    expectTypeOf(cache.set('key', 1)).resolves.toEqualTypeOf<Invalidated>()
    expectTypeOf(cache.invalidate(['user:1'])).resolves.toEqualTypeOf<Invalidated>()
    expectTypeOf<Invalidated['outcome']>().toEqualTypeOf<'applied' | 'queued' | 'deferred'>()
  })
})

describe('a cache of values of one type', () => {
  test('takes and returns that type', () => {
    expectTypeOf(users.get('1')).resolves.toEqualTypeOf<User | undefined>()
    expectTypeOf(users.getMany(['1'])).resolves.toEqualTypeOf<(User | undefined)[]>()
    expectTypeOf(users.peek('1')).toEqualTypeOf<EntryView<User> | undefined>()
    // @ts-expect-error a number is no User
    void users.set('1', 1)
    // @ts-expect-error a computation of a number does not fill a cache of users
    void users.getOrCompute('1', () => 1)
  })

  test('has namespaces of the same type or a narrower one', () => {
    expectTypeOf(users.namespace('a')).toEqualTypeOf<Cache<User>>()
    expectTypeOf(users.namespace<User & { admin: true }>('a').get('1')).resolves.toEqualTypeOf<
      (User & { admin: true }) | undefined
    >()
  })
})

describe('a wrapped function', () => {
  const user = cache.wrap(loadUser, { tags: ([id], { org }) => [`user:${id}`, `org:${org}`] })

  test('keeps its parameters and resolves to its result', () => {
    expectTypeOf(user).parameters.toEqualTypeOf<[id: number]>()
    expectTypeOf(user).returns.resolves.toEqualTypeOf<User>()
    // @ts-expect-error the function takes a number
    void user('1')
  })

  test('returns a promise although the function itself does not', () => {
    expectTypeOf(cache.wrap((a: string, b?: number) => a.length + (b ?? 0))).returns.toEqualTypeOf<
      Promise<number>
    >()
  })

  test('is invalidated, refreshed and looked at with its own arguments', () => {
    expectTypeOf<Wrapped<typeof loadUser>['invalidate']>().parameters.toEqualTypeOf<[id: number]>()
    expectTypeOf(user.peek(1)).toEqualTypeOf<EntryView<User> | undefined>()
    expectTypeOf(user.keyOf(1)).toBeString()
    // @ts-expect-error the function takes a number
    void user.invalidate('1')
  })

  test('gives its arguments and its result to the options that depend on them', () => {
    cache.wrap(loadUser, {
      key: (id) => {
        expectTypeOf(id).toBeNumber()
        return String(id)
      },
      ttl: (value) => {
        expectTypeOf(value).toEqualTypeOf<User>()
        return '5m'
      },
      cacheIf: (value) => value.org > 0,
    })
  })
})

describe('a wrapped write', () => {
  test('keeps the signature and gives arguments and result to the tags', () => {
    const rename = cache.wrapWrite(
      (id: number, name: string) => Promise.resolve({ id, name, org: 1 }),
      ([id, name], user) => {
        expectTypeOf(name).toBeString()
        return [`user:${id}`, `org:${user?.org}`]
      },
    )
    expectTypeOf(rename).parameters.toEqualTypeOf<[id: number, name: string]>()
    expectTypeOf(rename).returns.resolves.toEqualTypeOf<{ id: number; name: string; org: number }>()
  })
})

describe('events', () => {
  test('have the fields that their name promises', () => {
    cache.on('miss', ({ key, reason }) => {
      expectTypeOf(key).toBeString()
      expectTypeOf(reason).toEqualTypeOf<
        'absent' | 'expired' | 'invalidated' | 'unreadable' | 'unproven' | 'forced'
      >()
    })
    expectTypeOf(cache.on('hit', () => undefined)).toEqualTypeOf<() => void>()
    // @ts-expect-error there is no such event
    cache.on('hits', () => undefined)
  })
})
