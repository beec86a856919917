import { expect, test, vi } from 'vitest'
import { wrap, wrapWrite } from '../src/decorators'
import { type Cache, createCache, LarderError } from '../src/index'
import { mapStore } from './support/map-tier'

const method = { kind: 'method' }

const cacheNamed = (name: string) => createCache({ name, store: mapStore() })

/** As the syntax `@wrap(…) find(…) {}` decorates it, which Node 20 cannot read. */
class Users {
  readonly loads = vi.fn()
  find = wrap((users: Users) => users.cache, { name: 'user', tags: ([id]) => [`user:${id}`] })(
    Users.prototype.load,
    method,
  )
  rename = wrapWrite(
    (users: Users) => users.cache,
    ([id]) => `user:${id}`,
  )(Users.prototype.save, method)

  constructor(
    readonly cache: Cache,
    readonly names: Map<number, string>,
  ) {}

  async load(id: number): Promise<string | undefined> {
    this.loads(id)
    return this.names.get(id)
  }

  async save(id: number, name: string): Promise<void> {
    this.names.set(id, name)
  }
}

test('a decorated method caches its results, and a decorated write invalidates them', async () => {
  const users = new Users(cacheNamed('test'), new Map([[7, 'Ada']]))
  expect([await users.find(7), await users.find(7)]).toEqual(['Ada', 'Ada'])
  expect(users.loads).toHaveBeenCalledTimes(1)
  await users.rename(7, 'Grace')
  expect(await users.find(7)).toBe('Grace')
})

test('each instance uses its own cache and its own fields', async () => {
  const decorate = wrap((users: Users) => users.cache, { name: 'user' })
  const find = decorate(Users.prototype.load, method)
  const ada = new Users(cacheNamed('ada'), new Map([[1, 'Ada']]))
  const grace = new Users(cacheNamed('grace'), new Map([[1, 'Grace']]))
  expect(await find.call(ada, 1)).toBe('Ada')
  expect(await find.call(grace, 1)).toBe('Grace')
})

test('instances that share a cache share the entries of the method if they say so', async () => {
  const cache = cacheNamed('test')
  const find = wrap(cache, { name: 'user', shared: true })(Users.prototype.load, method)
  const [first, second] = [new Users(cache, new Map([[1, 'Ada']])), new Users(cache, new Map())]
  expect(await find.call(first, 1)).toBe('Ada')
  expect(await find.call(second, 1)).toBe('Ada')
})

test('instances that share a cache are never answered with the value of another one', async () => {
  const cache = cacheNamed('test')
  const find = wrap(cache, { name: 'user' })(Users.prototype.load, method)
  const [first, second] = [new Users(cache, new Map([[1, 'Ada']])), new Users(cache, new Map([[1, 'Grace']]))]
  expect(await find.call(first, 1)).toBe('Ada')
  expect(await find.call(second, 1)).toBe('Grace')
})

test('two decorated methods of one name are refused', async () => {
  const cache = cacheNamed('test')
  const decorate = wrap((users: Users) => users.cache, { name: 'user' })
  const users = new Users(cache, new Map([[1, 'Ada']]))
  const find = decorate(Users.prototype.load, method)
  const findName = decorate(async function (this: Users, id: number) {
    return this.names.get(id)
  }, method)
  await find.call(users, 1)
  await expect(async () => findName.call(users, 1)).rejects.toThrow(/belongs to another function/)
})

test('a decorator on anything but a method, or in the older syntax, says what to write', () => {
  const decorate = wrap(cacheNamed('test'), { name: 'user' })
  const field = { kind: 'field' }
  for (const context of [field, 'find' as never])
    expect(() => decorate(Users.prototype.load, context)).toThrow(LarderError)
  expect(() => decorate(Users.prototype.load, field)).toThrow(
    /decorates methods.*TypeScript 5.*cache\.wrap\(/,
  )
})

test.each<[wrong: string, decorate: () => unknown, message: RegExp]>([
  [
    '@wrap',
    () => wrap(Users.prototype.load as never, method as never),
    /@wrap needs a cache.*Write @wrap\(\(users/,
  ],
  ['@wrap()', () => wrap(undefined as never, undefined as never), /@wrap needs a cache.*got undefined/],
  [
    '@wrap(cache, { tll })',
    () => wrap(cacheNamed('test'), { name: 'user', tll: 1 } as never),
    /@wrap has no option "tll". Write ttl/,
  ],
  [
    '@wrapWrite(cache)',
    () => wrapWrite(cacheNamed('test'), undefined as never),
    /@wrapWrite, as its second argument, takes a function/,
  ],
])('%s is refused where it is written', (_, decorate, message) => {
  expect(decorate).toThrow(message)
})

test('a function that finds no cache is an error that says so', () => {
  const find = wrap((users: Partial<Users>) => users.cache as Cache, { name: 'user' })(
    Users.prototype.load as never,
    method,
  ) as (this: object) => unknown
  expect(() => find.call({})).toThrow(/@wrap needs a cache, or a function that finds the one.*got undefined/)
})
