import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
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
