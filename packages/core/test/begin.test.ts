import { expect, test, vi } from 'vitest'
import { type Beginning, type CacheOptions, createCache, type Place } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const createTestCache = (options: Partial<CacheOptions> = {}) =>
  createCache({ name: 'test', store: mapStore(), clock: manualClock(), ...options })

/** The place of a beginning that found no value. */
function placeOf<T>(beginning: Beginning<T>): Place<T> {
  if (beginning.hit) throw new Error('begin found a value.')
  return beginning
}

test('a filled value is found by begin, get and getOrCompute', async () => {
  const cache = createTestCache()
  expect(placeOf(await cache.begin('k')).fill({ n: 1 })).toBe('stored')
  expect(await cache.begin('k')).toEqual({ hit: true, value: { n: 1 } })
  expect(await cache.get('k')).toEqual({ n: 1 })
  expect(await cache.getOrCompute('k', () => ({ n: 2 }))).toEqual({ n: 1 })
})

test('a cached undefined is a hit', async () => {
  const cache = createTestCache()
  placeOf(await cache.begin('k')).fill(undefined)
  expect(await cache.begin('k')).toEqual({ hit: true, value: undefined })
})

test('an invalidation of a tag or of the key between begin and fill keeps the value out', async () => {
  const cache = createTestCache()
  const tagged = placeOf(await cache.begin('tagged'))
  const deleted = placeOf(await cache.begin('deleted'))
  const cleared = placeOf(await cache.begin('cleared'))
  await cache.invalidate('t')
  expect(tagged.fill(1, { tags: 't' })).toBe('outdated')
  await cache.delete('deleted')
  expect(deleted.fill(1)).toBe('outdated')
  await cache.clear()
  expect(cleared.fill(1)).toBe('outdated')
  expect(await cache.getMany(['tagged', 'deleted', 'cleared'])).toEqual([undefined, undefined, undefined])
})

test('an invalidation by another process, learnt after the fill, ends the value', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const here = createTestCache({ store: world.store(), clock })
  const there = createTestCache({ store: world.store(), clock })
  await clock.advance(1_000)
  const place = placeOf(await here.begin('k', { tags: 't' }))
  const invalidated = there.invalidate('t')
  expect(place.fill('old')).toBe('stored')
  await clock.advance(1_000)
  await invalidated
  expect(await here.get('k')).toBeUndefined()
  expect(await there.get('k')).toBeUndefined()
})

test('a filled value reaches other processes through the shared store', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const here = createTestCache({ store: world.store(), clock })
  const there = createTestCache({ store: world.store(), clock })
  await clock.advance(1_000)
  placeOf(await here.begin('k')).fill('value')
  await clock.advance(10)
  expect(await there.begin('k')).toEqual({ hit: true, value: 'value' })
})

test('tags of begin and of fill add up; other options of fill take precedence', async () => {
  const clock = manualClock()
  const cache = createTestCache({ clock })
  const fill = async (key: string) =>
    placeOf(await cache.begin<number>(key, { tags: 'a', ttl: '1m' })).fill(1, {
      tags: (value) => [`b:${value}`],
      ttl: '5m',
    })
  await fill('k')
  expect(cache.peek('k')?.tags).toEqual(expect.arrayContaining(['a', 'b:1']))
  await clock.advance(2 * 60_000)
  expect(await cache.get('k')).toBe(1)
  await cache.invalidate('a')
  expect(await cache.get('k')).toBeUndefined()
  await fill('k')
  await cache.invalidate('b:1')
  expect(await cache.get('k')).toBeUndefined()
})

test('begin and fill in a namespace use its keys and end with it', async () => {
  const cache = createTestCache()
  const users = cache.namespace('users')
  placeOf(await users.begin('1')).fill('Ada')
  expect((await cache.begin('1')).hit).toBe(false)
  expect(await users.begin('1')).toEqual({ hit: true, value: 'Ada' })
  const place = placeOf(await users.begin('2'))
  await users.clear()
  expect(await users.get('1')).toBeUndefined()
  expect(place.fill('Grace')).toBe('outdated')
})

test('inside a transaction begin never finds a value, and rows that may not be committed are not stored', async () => {
  const cache = createTestCache()
  await cache.set('k', 'committed')
  const before = placeOf(await cache.begin('before'))
  const inside = await cache.transaction(async () => {
    const place = placeOf(await cache.begin('k'))
    expect(place.fill('uncommitted')).toBe('skipped')
    expect(before.fill('uncommitted')).toBe('skipped')
    return placeOf(await cache.begin('other'))
  })
  expect(inside.fill('of the snapshot')).toBe('skipped')
  expect(await cache.getMany(['k', 'before', 'other'])).toEqual(['committed', undefined, undefined])
})

test('a computation depends on the values that it gets by begin and fill', async () => {
  const cache = createTestCache()
  const outer = () =>
    cache.getOrCompute('outer', async () => {
      const beginning = await cache.begin<number>('inner')
      if (beginning.hit) return beginning.value
      beginning.fill(1, { tags: 'found late' })
      return 1
    })
  await outer()
  await cache.invalidate('found late')
  expect(await cache.get('outer')).toBeUndefined()
  await outer()
  await cache.delete('outer')
  await outer()
  await cache.invalidate('found late')
  expect(await cache.get('outer')).toBeUndefined()
})

test('a value that is filled inside a computation depends on everything that this one has read', async () => {
  const cache = createTestCache()
  await cache.set('row', 1, { tags: 'row' })
  await cache.getOrCompute('outer', async () => {
    const place = placeOf(await cache.begin('inner'))
    place.fill(await cache.get('row'))
    return undefined
  })
  expect(await cache.get('inner')).toBe(1)
  await cache.invalidate('row')
  expect(await cache.get('inner')).toBeUndefined()
})

test('a value that an invalidation has overtaken makes the computation around it as old', async () => {
  const cache = createTestCache()
  await cache.getOrCompute('outer', async () => {
    const place = placeOf(await cache.begin('inner', { tags: 't' }))
    await cache.untracked(() => cache.invalidate('t'))
    place.fill('old')
    return 'old'
  })
  expect(await cache.get('outer')).toBeUndefined()
})

test('a place is filled once', async () => {
  const cache = createTestCache()
  const place = placeOf(await cache.begin('k'))
  place.fill(1)
  expect(() => place.fill(2)).toThrow(
    expect.objectContaining({ code: 'ALREADY_FILLED', message: expect.stringContaining('cache.begin(key)') }),
  )
  expect(await cache.get('k')).toBe(1)
})

test('a place that is never filled leaves nothing behind, and keeps nobody waiting', async () => {
  const clock = manualClock()
  const cache = createTestCache({ clock })
  const held = clock.held
  await cache.begin('k')
  expect(clock.held).toBe(held)
  expect(await cache.getOrCompute('k', () => 'computed')).toBe('computed')
  await cache.close()
})

test('a fill after close, and in a disabled cache, stores nothing and fails nobody', async () => {
  const cache = createTestCache()
  const place = placeOf(await cache.begin('k'))
  await cache.close()
  expect(place.fill(1)).toBe('skipped')
  expect(placeOf(await cache.begin('k')).fill(1)).toBe('skipped')
  const disabled = createTestCache({ enabled: false })
  expect(placeOf(await disabled.begin('k')).fill(1)).toBe('skipped')
})

test('a fill more than ten minutes after begin is outdated', async () => {
  const clock = manualClock()
  const cache = createTestCache({ clock })
  const place = placeOf(await cache.begin('k'))
  await clock.advance(11 * 60_000)
  expect(place.fill(1)).toBe('outdated')
})

test('two places of one key: the one that began later stays', async () => {
  const cache = createTestCache()
  const first = placeOf(await cache.begin('k'))
  await cache.invalidate('elsewhere')
  const second = placeOf(await cache.begin('k'))
  expect(second.fill('second')).toBe('stored')
  first.fill('first')
  expect(await cache.get('k')).toBe('second')
})

test('cacheIf, and ttl 0, skip the value', async () => {
  const cache = createTestCache()
  expect(placeOf(await cache.begin('k', { cacheIf: () => false })).fill(1)).toBe('skipped')
  expect(placeOf(await cache.begin('k')).fill(1, { ttl: 0 })).toBe('skipped')
})

test('an error in the options of a value is a warning, and not an error of the fill', async () => {
  const cache = createTestCache()
  const onWarning = vi.fn()
  cache.on('warning', onWarning)
  const fail = () => {
    throw new Error('no such field')
  }
  expect(placeOf(await cache.begin('k', { tags: fail })).fill(1)).toBe('skipped')
  expect(onWarning).toHaveBeenCalledTimes(1)
})

test('the caller may go on changing the value that it has filled', async () => {
  const cache = createTestCache()
  const value = { n: 1 }
  placeOf(await cache.begin('k')).fill(value)
  value.n = 2
  expect(await cache.get('k')).toEqual({ n: 1 })
})

test('a source that lags is stated at begin: fill cannot know how old the place has to be', async () => {
  const cache = createTestCache()
  await cache.invalidate('t')
  const lagging = placeOf(await cache.begin('k', { sourceLag: '5s' }))
  expect(lagging.fill(1, { tags: 't' })).toBe('outdated')
  const place = placeOf(await cache.begin('k'))
  expect(() => place.fill(1, { sourceLag: '5s' } as never)).toThrow(/Write cache.begin\(key, { sourceLag }\)/)
  expect(place.fill(1)).toBe('stored')
})

test('wrong calls of begin and fill say what to write', async () => {
  const cache = createTestCache()
  await expect(cache.begin('k', { tll: 1 } as never)).rejects.toThrow(/begin has no option "tll". Write ttl/)
  await expect(cache.begin(7 as never)).rejects.toMatchObject({ code: 'BAD_KEY' })
  const place = placeOf(await cache.begin('k'))
  expect(() => place.fill(1, { TTL: 1 } as never)).toThrow(/fill has no option "TTL". Write ttl/)
})

test('begin asks for consistency like every other read', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const here = createTestCache({ store: world.store(), clock })
  const there = createTestCache({ store: world.store(), clock })
  await clock.advance(1_000)
  placeOf(await here.begin('k', { tags: 't' })).fill('old')
  const { token } = await there.invalidate('t')
  expect((await here.begin('k', { after: token })).hit).toBe(false)
})
