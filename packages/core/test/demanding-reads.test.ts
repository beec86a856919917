import { describe, expect, test } from 'vitest'
import { type Cache, createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWorld } from './support/world'

/** Two processes that may serve stale values for an hour. */
async function twoProcesses() {
  const clock = manualClock()
  const world = createWorld(clock)
  const windows = { ttl: '1h', staleWhileRevalidate: '1h', staleIfError: '1h' } as const
  const start = () => createCache({ name: 'test', store: world.store(), clock, ...windows })
  const [a, b] = [start(), start()]
  await clock.advance(1_000)
  const database = { value: 'old' }
  const read = (cache: Cache, demand: object = {}) =>
    cache.getOrCompute('user', async () => database.value, { tags: ['user:7'], ...demand })
  const readPage = (cache: Cache, demand: object = {}) =>
    cache.getOrCompute('page', async () => `page of ${await read(cache)}`, demand)
  return { clock, world, a, b, database, read, readPage }
}

describe('a read that demands more than the bound', () => {
  test.each(['invalidate', 'delete'] as const)(
    'gets no value that was softly ended by %s before',
    async (method) => {
      const { a, b, database, read } = await twoProcesses()
      await read(b)
      database.value = 'new'
      const { token } = await a[method](method === 'delete' ? 'user' : 'user:7', { mode: 'soft' })
      expect(await read(b)).toBe('old')
      expect(await read(b, { after: token })).toBe('new')
    },
  )

  test('gets no value that was softly ended by a deletion which is forgotten by now', async () => {
    const { clock, world, a, b, database, read } = await twoProcesses()
    await read(b)
    database.value = 'new'
    await a.delete('user', { mode: 'soft' })
    // The log forgets the record once the entry is gone from every shared tier.
    world.entries.clear()
    world.forgetKeys()
    await clock.advance(1_000)
    expect(b.peek('user')).toBe(undefined)
    expect(await read(b, { consistency: 'strong' })).toBe('new')
  })

  test('gets no such value from the computations inside', async () => {
    const { a, b, database, readPage } = await twoProcesses()
    await readPage(b)
    database.value = 'new'
    await a.invalidate('user:7', { mode: 'soft' })
    expect(await readPage(b, { consistency: 'strong' })).toBe('page of new')
  })

  test('gets no value that was made of such a value, and is no older itself', async () => {
    const { a, b, database, read, readPage } = await twoProcesses()
    await read(b)
    database.value = 'new'
    await a.invalidate('user:7', { mode: 'soft' })
    expect(await readPage(b)).toBe('page of old')
    expect(await readPage(b, { consistency: 'strong' })).toBe('page of new')
  })

  test('does not share a computation that has read such a value', async () => {
    const { a, b, database, read } = await twoProcesses()
    await read(b)
    database.value = 'new'
    await a.invalidate('user:7', { mode: 'soft' })
    const rest = blockedComputation('')
    const load = async () => `page of ${await read(b)}${await rest.compute()}`
    const bounded = b.getOrCompute('page', load)
    await flushPromises()
    const strong = b.getOrCompute('page', load, { consistency: 'strong' })
    await rest.release()
    expect(await bounded).toBe('page of old')
    await rest.release()
    expect(await strong).toBe('page of new')
  })

  test('nor one that has read a value made of such a value', async () => {
    const { a, b, database, read, readPage } = await twoProcesses()
    await read(b)
    database.value = 'new'
    await a.invalidate('user:7', { mode: 'soft' })
    const rest = blockedComputation('')
    const load = async () => `site with ${await readPage(b)}${await rest.compute()}`
    const bounded = b.getOrCompute('site', load)
    await flushPromises()
    const strong = b.getOrCompute('site', load, { consistency: 'strong' })
    await rest.release()
    expect(await bounded).toBe('site with page of old')
    await rest.release()
    expect(await strong).toBe('site with page of new')
  })

  test('rejects if such a value is all there is and the source fails', async () => {
    const { a, b, read } = await twoProcesses()
    await read(b)
    await a.invalidate('user:7', { mode: 'soft' })
    const failing = () => Promise.reject(new Error('database down'))
    await expect(b.getOrCompute('user', failing, { consistency: 'strong' })).rejects.toThrow('database down')
    expect(await b.getOrCompute('user', failing)).toBe('old')
  })

  test('gets a cached value that nothing has ended', async () => {
    const { a, database, read, readPage } = await twoProcesses()
    await readPage(a)
    database.value = 'new'
    expect(await read(a, { consistency: 'strong' })).toBe('old')
    expect(await readPage(a, { consistency: 'strong' })).toBe('page of old')
  })

  test('shares a computation of a value that is not kept with other such reads', async () => {
    const { a } = await twoProcesses()
    const source = blockedComputation('value')
    const demand = { ttl: 0, consistency: 'strong' } as const
    const reads = [1, 2, 3].map(() => a.getOrCompute('k', source.compute, demand))
    await source.release()
    expect(await Promise.all(reads)).toEqual(['value', 'value', 'value'])
    expect(source.runs).toBe(1)
  })
})
