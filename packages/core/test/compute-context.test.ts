import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

function memoryCache() {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock }) }
}

test('a computation knows the tags it has so far, those of what it read included', async () => {
  const { cache } = memoryCache()
  await cache.set('read', 1, { tags: ['below'] })
  await cache.getOrCompute('k', async (context) => {
    await cache.get('read')
    context.tag('own')
    expect([...context.tags].sort()).toEqual(['below', 'own'])
    return 1
  })
})

describe('a computation can say', () => {
  test('what its result depends on', async () => {
    const { cache } = memoryCache()
    await cache.getOrCompute('k', (context) => {
      context.tag('a', 'b')
      return 1
    })
    await cache.invalidate('b')
    expect(await cache.has('k')).toBe(false)
  })

  test('how long its result is fresh, whatever the options say', async () => {
    const { cache, clock } = memoryCache()
    await cache.getOrCompute(
      'k',
      (context) => {
        context.ttl('1s')
        return 1
      },
      { ttl: '1h' },
    )
    await clock.advance(1_000)
    expect(await cache.has('k')).toBe(false)
  })

  test('that its result is not to be stored', async () => {
    const { cache } = memoryCache()
    const value = await cache.getOrCompute('k', (context) => {
      context.skip()
      return 1
    })
    expect(value).toBe(1)
    expect(await cache.has('k')).toBe(false)
    expect(cache.stats().fills.skipped).toBe(1)
  })

  test('that it gives up: the old value is served if it may be, and otherwise the reason is thrown', async () => {
    const { cache, clock } = memoryCache()
    const failing = () => cache.getOrCompute('k', (context) => context.fail('maintenance'))
    await expect(failing()).rejects.toMatchObject({ code: 'COMPUTE_FAILED', message: 'maintenance' })
    await cache.set('k', 'old', { ttl: 1_000, staleIfError: '1h' })
    await clock.advance(2_000)
    expect(await failing()).toBe('old')
    const own = new Error('my own')
    await expect(cache.getOrCompute('other', (context) => context.fail(own))).rejects.toBe(own)
  })

  test('that the old value still holds: it is renewed with what it depends on', async () => {
    const { cache, clock } = memoryCache()
    await cache.set('k', { etag: 'v1' }, { ttl: 1_000, staleIfError: '1h', tags: ['t'] })
    await clock.advance(2_000)
    const value = await cache.getOrCompute<{ etag: string }>(
      'k',
      (context) => {
        expect(context.previous).toMatchObject({ value: { etag: 'v1' }, tags: ['t'] })
        return context.notModified()
      },
      { ttl: '1h' },
    )
    expect(value).toEqual({ etag: 'v1' })
    await clock.advance(3_000_000)
    expect(await cache.get('k')).toEqual({ etag: 'v1' })
    await cache.invalidate('t')
    expect(await cache.has('k')).toBe(false)
  })

  test('nothing of the sort where there is no old value', async () => {
    const { cache } = memoryCache()
    await expect(cache.getOrCompute('k', (context) => context.notModified())).rejects.toMatchObject({
      code: 'COMPUTE_FAILED',
    })
  })
})

test('a computation may take apart what it gets', async () => {
  const { cache } = memoryCache()
  await cache.getOrCompute('k', ({ tag, ttl, signal }) => {
    tag('taken')
    ttl('1h')
    return signal.aborted
  })
  expect(cache.peek('k')).toMatchObject({ value: false, tags: ['taken'] })
})

test('a tag that cannot be one is an error that shows it', async () => {
  const { cache } = memoryCache()
  await expect(cache.getOrCompute('k', () => 1, { tags: [''] })).rejects.toMatchObject({ code: 'BAD_TAG' })
  await expect(cache.invalidate('a\u0001b')).rejects.toMatchObject({ code: 'BAD_TAG' })
})

test('a closed cache follows no calls any more, also of those who still read through it', async () => {
  const { cache } = memoryCache()
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.close()
  const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
  expect(await cache.getOrCompute('k', () => 2)).toBe(2)
  expect(run).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})
