import { EventEmitter } from 'node:events'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

describe('follow', () => {
  test('invalidates for each event of an emitter, until it is stopped', async () => {
    const cache = cacheOf()
    const orders = new EventEmitter()
    const following = cache.follow(orders, (order: { user: number }) => `user:${order.user}`, 'placed')
    await cache.set('k', 1, { tags: ['user:7'] })
    orders.emit('placed', { user: 7 })
    await flushPromises()
    expect(await cache.has('k')).toBe(false)
    following.stop()
    await following.done
    expect(orders.listenerCount('placed')).toBe(0)
  })

  test('invalidates for each item of an async iterable', async () => {
    const cache = cacheOf()
    await cache.set('a', 1, { tags: ['t:a'] })
    await cache.set('b', 1, { tags: ['t:b'] })
    async function* changes() {
      yield 'a'
      yield 'b'
    }
    await cache.follow(changes(), (id) => `t:${id}`).done
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
  })

  test('continues after an event it could not handle, and reports the error', async () => {
    const cache = cacheOf()
    const errors: string[] = []
    cache.on('error', ({ operation }) => errors.push(operation))
    await cache.set('k', 1, { tags: ['t'] })
    async function* changes() {
      yield ''
      yield 't'
    }
    await cache.follow(changes(), (tag) => tag).done
    expect(errors).toEqual(['follow'])
    expect(await cache.has('k')).toBe(false)
  })

  test('unsubscribes when the cache is closed', async () => {
    const cache = cacheOf()
    const source = new EventEmitter()
    cache.follow(source, () => 't', 'change')
    await cache.close()
    expect(source.listenerCount('change')).toBe(0)
  })
})

describe('wrapWrite', () => {
  test('invalidates after a successful call, by arguments and result', async () => {
    const cache = cacheOf()
    await cache.set('k', 1, { tags: ['user:7', 'org:2'] })
    const update = cache.wrapWrite(
      async (id: number) => ({ id, org: 2 }),
      ([id], user) => [`user:${id}`, `org:${user?.org}`],
    )
    expect(await update(7)).toEqual({ id: 7, org: 2 })
    expect(await cache.has('k')).toBe(false)
  })

  test('invalidates nothing if the failure proves that nothing was written', async () => {
    const cache = cacheOf()
    await cache.set('k', 1, { tags: ['t'] })
    const update = cache.wrapWrite(
      async () => Promise.reject(new Error('constraint')),
      () => 't',
      { rolledBack: () => true },
    )
    await expect(update()).rejects.toThrow('constraint')
    expect(await cache.has('k')).toBe(true)
  })
})

describe('a transaction on a real database', () => {
  let database: PGlite

  beforeAll(async () => {
    database = new PGlite()
    await database.exec('CREATE TABLE users (id int PRIMARY KEY, name text)')
  })
  afterAll(() => database.close())

  async function subject() {
    await database.exec(`DELETE FROM users; INSERT INTO users VALUES (1, 'old')`)
    const cache = cacheOf()
    const name = cache.wrap(
      async (id: number) =>
        (await database.query<{ name: string }>('SELECT name FROM users WHERE id = $1', [id])).rows[0]?.name,
      { name: 'name', tags: ([id]) => [`user:${id}`] },
    )
    return { cache, name }
  }

  test('applies invalidations at the commit, so that the old row is not cached as new', async () => {
    const { cache, name } = await subject()
    expect(await name(1)).toBe('old')
    await cache.transaction(() =>
      database.transaction(async (tx) => {
        await tx.query(`UPDATE users SET name = 'new' WHERE id = 1`)
        await cache.invalidate('user:1')
        expect(name.peek(1)?.state).toBe('fresh')
      }),
    )
    expect(await name(1)).toBe('new')
  })

  test('drops invalidations and writes if it is known to have rolled back', async () => {
    const { cache, name } = await subject()
    await name(1)
    const failing = cache.transaction(
      () =>
        database.transaction(async (tx) => {
          await tx.query(`UPDATE users SET name = 'new' WHERE id = 1`)
          await cache.set('derived', 'uncommitted')
          await cache.invalidate('user:1')
          throw new Error('constraint')
        }),
      { rolledBack: (error) => error instanceof Error && error.message === 'constraint' },
    )
    await expect(failing).rejects.toThrow('constraint')
    expect(name.peek(1)).toMatchObject({ value: 'old', state: 'fresh' })
    expect(await cache.has('derived')).toBe(false)
  })

  test('reads from the source and caches none of its reads', async () => {
    const { cache } = await subject()
    await cache.transaction(() =>
      database.transaction(async (tx) => {
        await tx.query(`UPDATE users SET name = 'uncommitted' WHERE id = 1`)
        const read = async () => (await tx.query<{ name: string }>('SELECT name FROM users')).rows[0]?.name
        expect(await cache.getOrCompute('k', read)).toBe('uncommitted')
        await tx.rollback()
      }),
    )
    expect(await cache.has('k')).toBe(false)
  })
})
