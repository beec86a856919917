import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Store } from '../src/contracts/store'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld, type Wire, type World } from './support/world'

/** The time that the log takes for an append, in ms. */
const appendTime = 50

/** A store whose log takes its time for appends, and cannot be reached once the store is closed. */
function openSlowStore(world: World, wire: Wire, wait: (ms: number) => Promise<void>): Store {
  return {
    open(context) {
      const opened = world.store({ wire }).open(context)
      const { log } = opened
      if (log === undefined) throw new Error('A world has a log.')
      let isClosed = false
      const append: typeof log.append = async (...args) => {
        await wait(appendTime)
        if (isClosed) throw new Error('The store is closed.')
        return log.append(...args)
      }
      const close = async () => {
        isClosed = true
      }
      return { ...opened, log: { ...log, append }, close }
    },
  }
}

async function openSubject() {
  const clock = manualClock()
  const world = createWorld(clock)
  const wire = createWire()
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const cache = createCache({ name: 'x', store: openSlowStore(world, wire, wait), clock, syncInterval: 800 })
  await clock.advance(850)
  return { clock, world, wire, cache }
}

describe('a cache that is closed', () => {
  test('while it delivers what waited for the log is closed when that is delivered', async () => {
    const { clock, world, wire, cache } = await openSubject()
    wire.mode = 'fail'
    const queued = cache.invalidate('t')
    await clock.advance(appendTime)
    expect((await queued).outcome).toBe('queued')
    const { position } = world
    wire.mode = 'work'
    while (cache.stats().outbox > 0) await clock.advance(10)
    expect(world.position).toBe(position)
    const closing = cache.close()
    await clock.advance(1_000)
    await closing
    expect(world.position).toBeGreaterThan(position)
  })

  test('while it invalidates is closed when the log has answered', async () => {
    const { clock, cache } = await openSubject()
    const invalidated = cache.invalidate('t')
    const closing = cache.close()
    await clock.advance(1_000)
    await closing
    expect((await invalidated).outcome).toBe('applied')
  })

  test('while it invalidates delivers once more what the log has not taken', async () => {
    const { clock, world, wire, cache } = await openSubject()
    const { position } = world
    wire.mode = 'fail'
    const invalidated = cache.invalidate('t')
    const closing = cache.close()
    await clock.advance(appendTime)
    expect((await invalidated).outcome).toBe('queued')
    wire.mode = 'work'
    await clock.advance(1_000)
    await closing
    expect(world.position).toBeGreaterThan(position)
  })

  test.each([
    ['invalidates', 'invalidate', 0],
    ['deletes', 'deleteMany', 1],
  ] as const)(
    'while it %s thousands of names is closed when the log has all of them',
    async (_, method, turns) => {
      const { clock, world, cache } = await openSubject()
      const other = createCache({ name: 'x', store: world.store({ local: false }), clock, syncInterval: 800 })
      const names = Array.from({ length: 3_500 }, (_, index) => `name ${index}`)
      for (const name of ['name 0', 'name 3499'])
        await other.getOrCompute(name, () => 'old', { tags: [name] })
      const invalidated = cache[method](names)
      for (let turn = 0; turn < turns * names.length; turn += 1_000) await setImmediate()
      const closing = cache.close()
      let isClosed = false
      void closing.then(() => {
        isClosed = true
      })
      while (!isClosed) await clock.advance(appendTime)
      expect((await invalidated).outcome).toBe('applied')
      await clock.advance(800)
      for (const name of ['name 0', 'name 3499'])
        expect(await other.getOrCompute(name, () => 'new')).toBe('new')
      await other.close()
    },
  )

  test('while it writes thousands of values refuses the rest of them, and the caller gets the error', async () => {
    const { clock, world, cache } = await openSubject()
    const writing = cache.setMany(Array.from({ length: 3_000 }, (_, index) => [`key ${index}`, 'new']))
    const failed = expect(writing).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
    while (!world.entries.has('key 0')) await clock.advance(appendTime)
    const closing = cache.close()
    await clock.advance(1_000)
    await closing
    await failed
    expect(world.entries.has('key 2999')).toBe(false)
  })

  test('before a transaction has ended makes the commit of its invalidations fail', async () => {
    const { clock, cache } = await openSubject()
    const transaction = cache.beginTransaction()
    await transaction.run(() => cache.invalidate('t'))
    const closing = cache.close()
    await clock.advance(1_000)
    await closing
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
  })
  test('before a transaction has failed reports that its invalidations are lost, and the caller gets its error', async () => {
    const { clock, cache } = await openSubject()
    const failures: unknown[] = []
    cache.on('error', (failure) => failures.push(failure))
    const failed = cache.transaction(async () => {
      await cache.invalidate('t')
      const closing = cache.close()
      await clock.advance(1_000)
      await closing
      throw new Error('The connection was lost.')
    })
    await expect(failed).rejects.toThrow('The connection was lost.')
    expect(failures).toMatchObject([{ operation: 'transaction', error: { code: 'CACHE_CLOSED' } }])
  })
})
