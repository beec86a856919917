import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { isDeepEqual } from '../src/operation/deep-equal'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** A seeded random number generator (linear congruential). */
function seededRandom(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** A cache over a table, and a clock that advances while a promise is awaited. */
function world(entries: number) {
  const clock = manualClock(seededRandom())
  const cache = createCache<{ name: string }>({ name: 'test', store: mapStore(), clock, ttl: '1h' })
  const table = new Map(Array.from({ length: entries }, (_, at) => [`${at}`, { name: `user ${at}` }]))
  const source = vi.fn(async (key: string) => table.get(key) ?? { name: '' })
  async function whilePassing<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const settled = work.finally(() => {
      isOver = true
    })
    while (!isOver) await clock.advance(50)
    return settled
  }
  return {
    cache,
    clock,
    table,
    source,
    whilePassing,
    fill: () => cache.setMany([...table].map(([key, row]) => [key, { ...row }] as const)),
  }
}

describe('an audit', () => {
  test('reports entries that differ from the source, and no others', async () => {
    const { cache, table, source, fill, whilePassing } = world(20)
    await fill()
    table.set('7', { name: 'renamed behind the back' })
    const report = await whilePassing(cache.audit({ source }))
    expect(report).toMatchObject({ compared: 20, passed: 0, failed: 0 })
    expect(report.different.map(({ key }) => key)).toEqual(['7'])
    expect(await cache.get('7')).toEqual({ name: 'user 7' })
  })

  test('deletes differing entries with repair: true', async () => {
    const { cache, table, source, fill, whilePassing } = world(3)
    await fill()
    table.set('1', { name: 'renamed' })
    await whilePassing(cache.audit({ source, repair: true }))
    expect(await cache.get('1')).toBeUndefined()
    expect(await cache.get('2')).toEqual({ name: 'user 2' })
  })

  test('does not report a change whose invalidation is still on its way', async () => {
    const { cache, clock, table, source, fill, whilePassing } = world(3)
    await fill()
    table.set('1', { name: 'renamed' })
    clock.timeout(1_000, () => void cache.delete('1'))
    const report = await whilePassing(cache.audit({ source }))
    expect(report.different).toEqual([])
    expect(report.passed).toBe(1)
  })

  test('respects the rate and the sample size', async () => {
    const { cache, clock, source, fill, whilePassing } = world(50)
    await fill()
    const began = clock.monotonic()
    await whilePassing(cache.audit({ source, sample: 20, rate: 5 }))
    expect(source).toHaveBeenCalledTimes(20)
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(19 * 200)
  })

  test('counts failures of the source and continues', async () => {
    const { cache, source, fill, whilePassing } = world(3)
    await fill()
    source.mockRejectedValueOnce(new Error('down'))
    expect(await whilePassing(cache.audit({ source }))).toMatchObject({ failed: 1, compared: 2 })
  })

  test('draws every key with the same probability', async () => {
    const { cache, source, fill, whilePassing } = world(10)
    await fill()
    for (let round = 0; round < 60; round += 1)
      await whilePassing(cache.audit({ source, sample: 2, rate: 1_000 }))
    const times = new Map<string, number>()
    for (const [key] of source.mock.calls) times.set(key, (times.get(key) ?? 0) + 1)
    expect(times.size).toBe(10)
    expect(Math.max(...times.values())).toBeLessThan(40)
  })

  test('counts each entry by its outcome, and emits those that differ with their qualified keys', async () => {
    const { cache, table, source, fill, whilePassing } = world(3)
    await fill()
    await cache.namespace<{ name: string }>('users').set('1', { name: 'old' })
    const mismatches: unknown[] = []
    cache.on('mismatch', (event) => mismatches.push(event))
    table.set('1', { name: 'renamed' })
    source.mockRejectedValueOnce(new Error('down'))
    await whilePassing(cache.audit({ source, pattern: '2' }))
    await whilePassing(cache.audit({ source }))
    await whilePassing(cache.namespace('users').audit({ source }))
    expect(mismatches).toMatchObject([
      { key: '1', tags: [], age: expect.any(Number) },
      { key: '@users/1', tags: [] },
    ])
    expect(cache.stats().audited).toEqual({ same: 2, different: 2, passed: 0, failed: 1 })
  })

  test('stops when its signal is aborted', async () => {
    const { cache, source, fill, whilePassing } = world(20)
    await fill()
    const controller = new AbortController()
    source.mockImplementationOnce(async () => {
      controller.abort()
      return { name: 'user 0' }
    })
    await whilePassing(cache.audit({ source, signal: controller.signal }))
    expect(source.mock.calls.length).toBeLessThan(3)
  })
})

test('deep equality ignores the order of properties and undefined ones, and holds for copies', () => {
  expect(isDeepEqual({ a: 1, b: [new Date(5)] }, { b: [new Date(5)], a: 1, c: undefined })).toBe(true)
  for (const [a, b] of [
    [{ a: 1 }, { a: 2 }],
    [[1], { 0: 1 }],
    [{ a: null }, {}],
    [new Date(1), new Date(2)],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new URL('https://a.example'), new URL('https://b.example')],
    [/a/, /b/],
    [new Error('one'), new Error('two')],
    [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    [Object(1), Object(2)],
  ])
    expect(isDeepEqual(a, b)).toBe(false)
  const values = fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true })
  fc.assert(fc.property(values, (value) => isDeepEqual(value, structuredClone(value))))
})

test('values whose content cannot be read are counted as failed by an audit, and not as the same', async () => {
  const { cache, whilePassing } = world(0)
  await cache.set('k', { name: '', file: new Blob(['old']) } as never)
  const report = await whilePassing(
    cache.audit({ source: () => ({ name: '', file: new Blob(['new']) }) as never }),
  )
  expect(report).toMatchObject({ compared: 0, failed: 1 })
})
