import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

interface User {
  readonly id: string
  readonly org: number
}

const rows = new Map<string, User>([['7', { id: '7', org: 5 }]])
const loadUsers = async () => rows

function memoryCache() {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock })
  return { cache, clock }
}

describe('a row that the source of getManyOrCompute does not have', () => {
  const options = { tags: (user: User) => `org:${user.org}` }

  test('is undefined, and does no harm to its neighbours', async () => {
    const { cache } = memoryCache()
    const warn = vi.fn()
    cache.on('warning', warn)
    expect(await cache.getManyOrCompute(['7', '8'], loadUsers, options)).toEqual([
      { id: '7', org: 5 },
      undefined,
    ])
    expect([await cache.has('7'), await cache.has('8')]).toEqual([true, false])
    expect(warn).not.toHaveBeenCalled()
  })

  test('is cached for negativeTtl only', async () => {
    const { cache, clock } = memoryCache()
    const load = vi.fn(loadUsers)
    const read = () => cache.getManyOrCompute(['7', '8'], load, { ...options, ttl: '1h', negativeTtl: '5s' })
    await read()
    expect(await read()).toEqual([{ id: '7', org: 5 }, undefined])
    expect(load).toHaveBeenCalledTimes(1)
    await clock.advance(5_000)
    await read()
    expect(load).toHaveBeenLastCalledWith(['8'], expect.anything())
  })

  test('has the tags that its key gives it', async () => {
    const { cache } = memoryCache()
    const read = () =>
      cache.getManyOrCompute(['8'], loadUsers, { tags: (_: User, id) => `user:${id}`, negativeTtl: '1h' })
    await read()
    await cache.invalidate('user:8')
    expect(await cache.has('8')).toBe(false)
  })

  test('does not keep a value that is made of all rows out of the cache', async () => {
    const { cache } = memoryCache()
    await cache.getOrCompute('page', () => cache.getManyOrCompute(['7', '8'], loadUsers, options))
    expect(await cache.has('page')).toBe(true)
    await cache.set('8', { id: '8', org: 5 })
    expect(await cache.has('page')).toBe(false)
  })
})

test('a source may take the keys from its list, but not change their order and return a list', async () => {
  const { cache } = memoryCache()
  const rowOf = (key: string) => `row ${key}`
  const rows = await cache.getManyOrCompute(['b', 'a', 'c'], (missing) => {
    const keys = missing as string[]
    return [...keys.splice(0, 2), ...keys.splice(0)].map(rowOf)
  })
  expect(rows).toEqual(['row b', 'row a', 'row c'])
  const sorting = cache.getManyOrCompute(['e', 'd'], (missing) => (missing as string[]).sort().map(rowOf))
  await expect(sorting).rejects.toThrow(/changed the order of the keys.*or a Map by key/)
  const byKey = cache.getManyOrCompute(
    ['e', 'd'],
    (missing) => new Map((missing as string[]).sort().map((key) => [key, rowOf(key)])),
  )
  expect(await byKey).toEqual(['row e', 'row d'])
})

test('a Map by number serves the rows of its numbers', async () => {
  const { cache } = memoryCache()
  expect(await cache.getManyOrCompute(['1', '2'], () => new Map([[1, 'one']]))).toEqual(['one', undefined])
})

test.each([
  ['nothing', undefined, /returned undefined\. Return a list with one value per key/],
  ['a plain object', { 1: 'one' }, /returned an object\. Return a list/],
  ['a Map by object', new Map([[{ id: 1 }, 'one']]), /returned a Map with the key an object/],
])('a function that returns %s is told what to return', async (_, result, message) => {
  const { cache } = memoryCache()
  const call = cache.getManyOrCompute(['1'], () => result as never)
  await expect(call).rejects.toMatchObject({
    code: 'COMPUTE_FAILED',
    message: expect.stringMatching(message),
  })
})

test('fresh calls of one turn share one call of the function, and a later one makes its own', async () => {
  const { cache } = memoryCache()
  const source = blockedComputation(['value'])
  const read = () => cache.getManyOrCompute(['k'], source.compute, { fresh: true })
  const early = [read(), read(), read()]
  await flushPromises()
  expect(source.runs).toBe(1)
  const late = read()
  await source.release()
  expect(source.runs).toBe(2)
  expect(await Promise.all([...early, late])).toEqual(Array(4).fill(['value']))
})

test('of two processes that need the same keys, one computes them', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const [one, other] = [0, 1].map(() => createCache({ name: 'test', store: world.store(), clock }))
  await clock.advance(1_000)
  const source = blockedComputation(['value of a', 'value of b'])
  const unused = vi.fn()
  const first = one!.getManyOrCompute(['a', 'b'], source.compute)
  await flushPromises()
  const second = other!.getManyOrCompute(['a', 'b'], unused)
  await clock.advance(300)
  await source.release()
  await clock.advance(300)
  expect(await first).toEqual(['value of a', 'value of b'])
  expect(await second).toEqual(['value of a', 'value of b'])
  expect(unused).not.toHaveBeenCalled()
  await Promise.all([one!.close(), other!.close()])
})

test('two processes that need the same keys in another order do not wait for each other', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const [one, other] = [0, 1].map(() => createCache({ name: 'test', store: world.store(), clock }))
  await clock.advance(1_000)
  const load = (keys: string[]) => keys
  const reads = [
    one!.getManyOrCompute(['a', 'b', 'c'], load),
    other!.getManyOrCompute(['c', 'b', 'a', 'd'], load),
  ]
  await clock.advance(1_000)
  expect(await Promise.all(reads)).toEqual([
    ['a', 'b', 'c'],
    ['c', 'b', 'a', 'd'],
  ])
  await Promise.all([one!.close(), other!.close()])
})

describe('one abort signal', () => {
  test('for a hundred keys gets one listener, which is removed', async () => {
    const { cache } = memoryCache()
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`)
    await cache.getManyOrCompute(keys, (missing) => missing, { signal })
    await flushPromises()
    expect(add).toHaveBeenCalledTimes(1)
    expect(remove).toHaveBeenCalledTimes(1)
  })

  test('for many calls rejects each of them when it is aborted', async () => {
    const { cache } = memoryCache()
    const controller = new AbortController()
    const { signal } = controller
    const source = blockedComputation('value')
    const calls = ['a', 'b', 'c'].map((key) => cache.getOrCompute(key, source.compute, { signal }))
    await flushPromises()
    controller.abort(new Error('the caller has left'))
    const results = await Promise.allSettled(calls)
    expect(results).toEqual(Array(3).fill({ status: 'rejected', reason: new Error('the caller has left') }))
  })

  test('that is aborted already starts nothing', async () => {
    const { cache } = memoryCache()
    const compute = vi.fn(() => ['value'])
    const signal = AbortSignal.abort(new Error('the caller has left'))
    const calls = [
      () => cache.getOrCompute('k', compute, { signal }),
      () => cache.getManyOrCompute(['k'], compute, { signal }),
      () => cache.transaction(() => cache.getOrCompute('k', compute, { signal })),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow('the caller has left')
    expect(compute).not.toHaveBeenCalled()
  })

  test('that is aborted before the function asks for it is aborted then', async () => {
    const { cache } = memoryCache()
    const controller = new AbortController()
    const isAborted = vi.fn()
    const call = cache.getManyOrCompute(
      ['a', 'b'],
      async (missing, context) => {
        controller.abort(new Error('the caller has left'))
        await flushPromises()
        isAborted(context.signal.aborted)
        return missing
      },
      { signal: controller.signal },
    )
    await expect(call).rejects.toThrow('the caller has left')
    await flushPromises()
    expect(isAborted).toHaveBeenCalledExactlyOnceWith(true)
  })

  test('may be that of a polyfill, which has an event and a state alone', async () => {
    const { cache } = memoryCache()
    const signal = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal
    expect(await cache.getOrCompute('k', () => 1, { signal })).toBe(1)
    const other = new EventTarget() as AbortSignal
    await expect(cache.getOrCompute('l', () => 1, { signal: other })).rejects.toThrow(/an AbortSignal/)
  })

  test('that is aborted during the lookup in a shared store starts nothing', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock })
    await clock.advance(1_000)
    const compute = vi.fn()
    const controller = new AbortController()
    const call = cache.getOrCompute('k', compute, { signal: controller.signal })
    controller.abort(new Error('the caller has left'))
    await expect(call).rejects.toThrow('the caller has left')
    await clock.advance(1_000)
    expect(compute).not.toHaveBeenCalled()
    await cache.close()
  })
})
