// tier: slow
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

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
