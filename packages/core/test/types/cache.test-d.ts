import { describe, expectTypeOf, test } from 'vitest'
import type {
  AuditReport,
  Beginning,
  Cache,
  ComputeContext,
  EntryView,
  Invalidated,
  Wrapped,
} from '../../src/index'

// Checked by the compiler alone: `tsc` reads these files, and no test runner does.

interface User {
  readonly id: number
  readonly org: number
}
declare const cache: Cache
declare const users: Cache<User>
declare function loadUser(id: number): Promise<User>

declare function fail(): never
declare function find(name: string): Promise<User[]>
declare function find(id: number): Promise<User>
declare function loadRow<T extends 'user' | 'org'>(table: T): Promise<{ readonly table: T }>
class Repository {
  constructor(readonly table: string) {}
  async load(this: Repository, id: number) {
    return this.table + id
  }
}

describe('a cache of any values', () => {
  test('is what a cache of one type is too', () => {
    expectTypeOf<Cache<User>>().toExtend<Cache>()
    const readAny = (any: Cache) => any.get('key')
    void readAny(users)
  })

  test('gives functions that receive a computation its context', () => {
    const count = (context: ComputeContext<number>) => (context.previous?.value ?? 0) + 1
    expectTypeOf(cache.getOrCompute('count', count)).resolves.toEqualTypeOf<number>()
  })

  test('infers the value of a computation that renews its previous one', () => {
    const reading = cache.getOrCompute('key', async (context) =>
      context.previous ? context.notModified() : { etag: 'x' },
    )
    expectTypeOf(reading).resolves.toEqualTypeOf<{ etag: string }>()
    const typed = cache.getOrCompute<{ etag: string }>('key', async ({ previous, notModified }) => {
      expectTypeOf(previous?.value).toEqualTypeOf<{ etag: string } | undefined>()
      return previous ? notModified() : { etag: 'x' }
    })
    expectTypeOf(typed).resolves.toEqualTypeOf<{ etag: string }>()
  })

  test('fills a place with values of the type that begin names', async () => {
    const beginning = await cache.begin<User>('key', { tags: ({ org }) => [`org:${org}`] })
    expectTypeOf(beginning).toEqualTypeOf<Beginning<User>>()
    if (beginning.hit) expectTypeOf(beginning.value).toEqualTypeOf<User>()
    // @ts-expect-error a number is no User
    else beginning.fill(1)
  })

  test('loads single keys with a function of many', () => {
    const load = cache.loader(async (keys) => keys.map((id) => ({ id })))
    expectTypeOf(load).parameters.toEqualTypeOf<[key: string]>()
    expectTypeOf(load('a')).resolves.toEqualTypeOf<{ id: string } | undefined>()
  })

  test('returns what the computation returns, resolved', () => {
    expectTypeOf(cache.getOrCompute('key', () => loadUser(1))).resolves.toEqualTypeOf<User>()
    expectTypeOf(cache.getOrCompute('key', () => 1)).resolves.toEqualTypeOf<number>()
  })

  test('asks for the type where a computation returns one type at once and another as a promise', () => {
    const text = (): 1 | Promise<'one'> => (Math.random() > 0.5 ? 1 : Promise.resolve('one'))
    // @ts-expect-error TypeScript infers one type from the value and the promise together
    void cache.getOrCompute('key', text)
    expectTypeOf(cache.getOrCompute<1 | 'one'>('key', text)).resolves.toEqualTypeOf<1 | 'one'>()
  })

  test('does not let a promise stand for its value in a condition', () => {
    // @ts-expect-error the promise of a value is always true
    // biome-ignore lint/nursery/noMisusedPromises: the compiler finds it too.
    if (cache.get('key')) fail()
    // @ts-expect-error so is that of false
    // biome-ignore lint/nursery/noMisusedPromises: the compiler finds it too.
    if (cache.has('key')) fail()
    // @ts-expect-error a cache has no size: its methods are asynchronous
    void cache.size
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

  test('is audited with a source of that type', () => {
    expectTypeOf(users.audit({ source: (id) => loadUser(Number(id)) })).resolves.toEqualTypeOf<AuditReport>()
    // @ts-expect-error the source must return users
    void users.audit({ source: () => 1 })
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

  test('keeps overloads, type parameters and `this` if it returns promises', () => {
    const wrappedFind = cache.wrap(find)
    expectTypeOf(wrappedFind(1)).resolves.toEqualTypeOf<User>()
    expectTypeOf(wrappedFind('Ada')).resolves.toEqualTypeOf<User[]>()
    const wrappedRow = cache.wrap(loadRow)
    expectTypeOf(wrappedRow('user')).resolves.toEqualTypeOf<{ readonly table: 'user' }>()
    // @ts-expect-error there is no such table
    void wrappedRow('job')
    const load = cache.wrap(Repository.prototype.load)
    expectTypeOf(load).thisParameter.toEqualTypeOf<Repository>()
    expectTypeOf(load.call(new Repository('user'), 1)).resolves.toBeString()
  })

  test('returns promises of what it returns, whatever that is', () => {
    expectTypeOf(cache.wrap(fail)).returns.toEqualTypeOf<Promise<never>>()
    expectTypeOf(cache.wrap((value: unknown): unknown => value)).returns.toEqualTypeOf<Promise<unknown>>()
    expectTypeOf(cache.wrap((): PromiseLike<1> => Promise.resolve(1))).returns.toEqualTypeOf<Promise<1>>()
    expectTypeOf(cache.wrap((): void => undefined)).returns.toEqualTypeOf<Promise<void>>()
    expectTypeOf(cache.wrap(() => [1, 'a'] as const)).returns.resolves.toEqualTypeOf<readonly [1, 'a']>()
  })

  test('does not claim the properties of the function, which it does not have', () => {
    const counted = Object.assign(async (id: number) => id, { count: 0 })
    const wrapped = cache.wrap(counted, { name: 'counted' })
    expectTypeOf(wrapped(1)).resolves.toBeNumber()
    expectTypeOf(wrapped).not.toHaveProperty('count')
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
      key: ([id]) => {
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
