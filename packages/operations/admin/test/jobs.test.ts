import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { until } from '@larder/servers'
import { describe, expect, test, vi } from 'vitest'
import { type AdminAction, adminHandler } from '../src/index'
import { createManagedApp } from './support/managed-app'

/** An application that offers a wrapped function and an audit of its entries, and what its actions were recorded as. */
function createApp() {
  const cache: Cache = createCache({ name: 'shop', store: memoryStore(), ttl: '1h', maxStaleness: 1 })
  const load = vi.fn(async (id: number) => ({ id }))
  const product = cache.wrap(load, { name: 'product', key: ([{ toFixed }]) => toFixed.call(0) })
  const price = cache.wrap(load, { name: 'price' })
  const source = vi.fn((key: string): unknown => ({ id: Number(key.slice('price('.length, -1)) }))
  const actions: AdminAction[] = []
  const onError = vi.fn()
  const app = createManagedApp({
    caches: cache,
    functions: { product, price },
    audits: { prices: { pattern: 'price(*)', source, rate: 1_000 } },
    onAction: (action) => actions.push(action),
    onError,
  })
  return { ...app, cache, price, load, source, actions, onError }
}

describe('POST warm of a function', () => {
  test('calls it with each list of arguments, and ends in a report', async () => {
    const { get, post, load, actions } = createApp()
    const { status, body } = await post('warm', { function: 'price', arguments: [[1], [2], [1]] })
    expect([status, body.name]).toEqual([200, 'price()'])
    await until('it has ended', async () => (await get('warm')).body.warmUps[0].report !== undefined)
    expect((await get('warm')).body).toMatchObject({
      functions: ['product', 'price'],
      warmUps: [{ report: { done: 3, failed: 0 } }],
    })
    expect(load.mock.calls).toEqual([[1], [2]])
    const targets = { function: 'price', keys: ['price(1)', 'price(2)', 'price(1)'] }
    expect(actions).toMatchObject([{ action: 'warm', outcome: 'done', targets }])
  })

  test('is refused while it runs, because the run in progress has other arguments', async () => {
    const { post, load } = createApp()
    let finishLoad: () => void = () => undefined
    load.mockImplementation((id) => new Promise((resolve) => (finishLoad = () => resolve({ id }))))
    await post('warm', { function: 'price', arguments: [[1]] })
    const { body } = await post('warm', { function: 'price', arguments: [[2]] })
    expect(body).toMatchObject({ status: 409, detail: expect.stringContaining('"price" is running') })
    finishLoad()
  })

  test.each([
    ['no lists', 1, 'arguments must have 1 to 500 lists of arguments'],
    ['an empty list', [], 'arguments must have 1 to 500 lists of arguments'],
    ['arguments without lists', [1, 2], 'arguments must have 1 to 500 lists of arguments'],
    ['too many', Array(501).fill([1]), 'arguments must have 1 to 500 lists of arguments'],
  ])('with %s calls nothing', async (_, args, detail) => {
    const { post, load, actions } = createApp()
    const { status, body } = await post('warm', { function: 'price', arguments: args })
    expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)])
    expect(load).not.toHaveBeenCalled()
    expect(actions).toMatchObject([{ action: 'warm', outcome: 'refused' }])
  })

  test('calls nothing if one of the lists has no key', async () => {
    const { post, load } = createApp()
    const { body } = await post('warm', { function: 'product', arguments: [[1], [null]] })
    expect(body).toMatchObject({ status: 400, detail: 'The function cannot make a key of arguments[1].' })
    expect(load).not.toHaveBeenCalled()
  })
})

describe('POST audit', () => {
  test('ends in a report of the entries that differ, and deletes them only with repair', async () => {
    const { get, post, cache, price, source, actions } = createApp()
    await price(1)
    await price(2)
    source.mockImplementation((key) => ({ id: key === 'price(2)' ? 3 : 1 }))
    for (const repair of [false, true]) {
      await post('audit', { name: 'prices', repair })
      await until('it has ended', async () => (await get('audit')).body.audits[0].report?.repair === repair)
      const { names, audits } = (await get('audit')).body
      expect(names).toEqual(['prices'])
      expect(audits).toMatchObject([{ report: { compared: 2, different: [{ key: 'price(2)' }], failed: 0 } }])
      expect(await cache.has('price(2)')).toBe(!repair)
    }
    expect(actions.map(({ action, targets }) => [action, targets])).toEqual([
      ['audit', { audit: 'prices', repair: false }],
      ['audit', { audit: 'prices', repair: true }],
    ])
  })

  test('is refused while it runs, because the run in progress may not repair', async () => {
    const { get, post, price, source } = createApp()
    await price(1)
    let answer: (value: unknown) => void = () => undefined
    source.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    await post('audit', { name: 'prices' })
    expect((await post('audit', { name: 'prices', repair: true })).status).toBe(409)
    answer({ id: 1 })
    await until('it has ended', async () => (await get('audit')).body.audits[0].report !== undefined)
  })

  test('that fails ends with its failure, whose message needs write access, and can be started again', async () => {
    const { cache, onError } = createApp()
    let may: 'read' | 'write' = 'write'
    const audits = { all: { source: () => 1 } }
    const { get, post } = createManagedApp({ caches: cache, audits, onError, authorize: () => ({ may }) })
    vi.spyOn(cache, 'audit').mockRejectedValue(new Error('connect ECONNREFUSED 10.0.0.7'))
    for (const count of [1, 2]) {
      expect((await post('audit', { name: 'all' })).status).toBe(200)
      await until('it has failed', () => onError.mock.calls.length === count)
    }
    expect((await get('audit')).body.audits[0].failure).toContain('ECONNREFUSED')
    may = 'read'
    expect((await get('audit')).body.audits[0].failure).toBe('It failed.')
  })
})

test('POST sweep removes entries that can never be served again, and ends in a report', async () => {
  const { get, post, cache, actions } = createApp()
  expect((await get('sweep')).body).toEqual({})
  await cache.set('ended', 1, { ttl: 1 })
  await until('the entry has expired', async () => !(await cache.has('ended')))
  await post('sweep', {})
  await until('it has ended', async () => (await get('sweep')).body.sweep.report !== undefined)
  expect((await get('sweep')).body.sweep.report.removed).toBe(1)
  expect(actions).toMatchObject([{ action: 'sweep', outcome: 'done' }])
})

test.each([
  [{ functions: { load: async () => 1 } }, 'functions.load must be a function that cache.wrap returned'],
  [{ audits: { all: {} } }, 'audits.all: source must be a function'],
  [{ audits: { all: { source: () => 1, sampel: 1 } } }, 'Write sample.'],
])('a handler with %o is refused', (options, message) => {
  const { cache } = createApp()
  const create = () => adminHandler({ caches: cache, authorize: () => true, ...options } as never)
  expect(create).toThrow(message)
})
