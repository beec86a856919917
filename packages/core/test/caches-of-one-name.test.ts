import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Cache, CacheOptions } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const opened: Cache[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((cache) => cache.close()))
})

/** Evaluates the module once more, as another bundle, module format or hot reload does. */
async function loadCopy() {
  vi.resetModules()
  const { createCache } = await import('../src/index')
  return (options: Partial<CacheOptions> = {}) => {
    const cache = createCache({ name: 'users', store: mapStore(), ...options })
    opened.push(cache)
    return cache
  }
}

/** Two caches in memory of two copies of the module. Both hold `user:1`, which has the tag `users`. */
async function openTwo(options: Partial<CacheOptions> = {}) {
  const copies = [await loadCopy(), await loadCopy()] as const
  const caches = [copies[0](options), copies[1](options)] as const
  for (const cache of caches) await cache.set('user:1', 'old', { tags: 'users' })
  for (const cache of caches) await cache.set('user:2', 'old', { tags: 'users' })
  const valuesOf = (key: string) => Promise.all(caches.map((cache) => cache.get(key)))
  return { caches, copies, valuesOf }
}

describe('caches of one name in memory, in two copies of the module', () => {
  test('keep values of their own', async () => {
    const { caches } = await openTwo()
    await caches[0].getOrCompute('only here', () => 1)
    expect(await caches[1].get('only here')).toBeUndefined()
  })

  test('share invalidations, deletions and clearing', async () => {
    const [one, other] = (await openTwo()).caches
    expect(await other.get('user:2')).toBe('old')
    await one.delete('user:2')
    expect(await other.get('user:2')).toBeUndefined()
    await other.set('user:3', 'old', { tags: 'users' })
    await one.invalidate('users')
    expect(await other.get('user:3')).toBeUndefined()
    await other.set('user:4', 'old')
    await one.clear()
    expect(await other.get('user:4')).toBeUndefined()
  })

  test('drop what the other has replaced', async () => {
    const { caches, valuesOf } = await openTwo()
    await caches[1].set('user:2', 'new')
    expect(await valuesOf('user:2')).toEqual([undefined, 'new'])
  })

  test('keep no value whose computation began before an invalidation in the other', async () => {
    const [one, other] = (await openTwo()).caches
    const computation = blockedComputation('old')
    const reading = other.getOrCompute('user:5', computation.compute, { tags: 'users' })
    await expect.poll(() => computation.runs).toBe(1)
    await one.invalidate('users')
    await computation.release()
    await reading
    expect(await other.get('user:5')).toBeUndefined()
  })

  test('each apply what both invalidate at the same time', async () => {
    const { caches } = await openTwo()
    for (let n = 0; n < 100; n += 1) {
      const tags = [`a${n}`, `b${n}`]
      for (const cache of caches) await cache.getOrCompute(`k${n}`, () => n, { tags })
      await Promise.all([caches[0].invalidate(`a${n}`), caches[1].invalidate(`b${n}`), caches[0].delete('x')])
      expect(await Promise.all(caches.map((cache) => cache.get(`k${n}`)))).toEqual([undefined, undefined])
    }
  })

  test('share links of tags, also those from before the other was created', async () => {
    const { caches, copies } = await openTwo()
    await caches[0].link('user:9', 'team:1')
    const late = copies[1]()
    await late.set('profile', 1, { tags: 'user:9' })
    await caches[0].invalidate('team:1')
    expect(await late.get('profile')).toBeUndefined()
  })

  test('tell the listeners of the other, outside the request that invalidates', async () => {
    const [one, other] = (await openTwo()).caches
    const request = new AsyncLocalStorage<string>()
    const events: unknown[] = []
    const listen = (cache: Cache) =>
      cache.on('apply', ({ invalidations }) => events.push([invalidations[0]?.name, request.getStore()]))
    listen(one)
    listen(other)
    await request.run('a request', () => one.invalidate('users'))
    expect(events).toEqual([['users', undefined]])
  })
})

test('caches in memory of different names, and those with a clock of their own, share nothing', async () => {
  const copies = [await loadCopy(), await loadCopy()] as const
  const pairs = [
    [copies[0](), copies[1]({ name: 'orders' })],
    [copies[0]({ clock: manualClock() }), copies[1]({ clock: manualClock() })],
  ] as const
  for (const [one, other] of pairs) {
    await other.set('k', 1)
    await one.clear()
    expect(await other.get('k')).toBe(1)
  }
})

test('a cache that was closed hears nothing of the others', async () => {
  const [one, other] = (await openTwo()).caches
  const events: unknown[] = []
  other.on('apply', (event) => events.push(event))
  await other.close()
  await one.invalidate('users')
  expect(events).toEqual([])
})
