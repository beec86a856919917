import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

function memoryCache() {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock }) }
}

test('ctx.tags lists the tags added so far and those of the cached values read', async () => {
  const { cache } = memoryCache()
  await cache.set('read', 1, { tags: ['below'] })
  await cache.getOrCompute('k', async (context) => {
    await cache.get('read')
    context.tag('own')
    expect([...context.tags].sort()).toEqual(['below', 'own'])
    return 1
  })
})

describe('the context of a computation', () => {
  test('ctx.tag adds tags to the result', async () => {
    const { cache } = memoryCache()
    await cache.getOrCompute('k', (context) => {
      context.tag('a', 'b')
      return 1
    })
    await cache.invalidate('b')
    expect(await cache.has('k')).toBe(false)
  })

  test('ctx.ttl takes precedence over the ttl option', async () => {
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

  test('ctx.skip keeps the result out of the cache', async () => {
    const { cache } = memoryCache()
    const value = await cache.getOrCompute('k', (context) => {
      context.skip()
      return 1
    })
    expect(value).toBe(1)
    expect(await cache.has('k')).toBe(false)
    expect(cache.stats().fills.skipped).toBe(1)
  })

  test('ctx.fail serves the old value if staleIfError allows it, and throws the reason otherwise', async () => {
    const { cache, clock } = memoryCache()
    const failing = () => cache.getOrCompute('k', (context) => context.fail('maintenance'))
    await expect(failing()).rejects.toMatchObject({ code: 'COMPUTE_FAILED', message: 'maintenance' })
    await cache.set('k', 'old', { ttl: 1_000, staleIfError: '1h' })
    await clock.advance(2_000)
    expect(await failing()).toBe('old')
    const own = new Error('my own')
    await expect(cache.getOrCompute('other', (context) => context.fail(own))).rejects.toBe(own)
  })

  test('ctx.notModified renews the old value and keeps its tags', async () => {
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

  test('ctx.notModified throws if there is no old value', async () => {
    const { cache } = memoryCache()
    await expect(cache.getOrCompute('k', (context) => context.notModified())).rejects.toMatchObject({
      code: 'COMPUTE_FAILED',
    })
  })
})

test('the context of a computation can be destructured', async () => {
  const { cache } = memoryCache()
  await cache.getOrCompute('k', ({ tag, ttl, signal }) => {
    tag('taken')
    ttl('1h')
    return signal.aborted
  })
  expect(cache.peek('k')).toMatchObject({ value: false, tags: ['taken'] })
})

test('an invalid tag rejects the call with an error that shows the tag', async () => {
  const { cache } = memoryCache()
  await expect(cache.getOrCompute('k', () => 1, { tags: [''] })).rejects.toMatchObject({ code: 'BAD_TAG' })
  await expect(cache.invalidate('a\u0001b')).rejects.toMatchObject({ code: 'BAD_TAG' })
})

test('a closed cache no longer tracks async calls, even if reads go on', async () => {
  const { cache } = memoryCache()
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.close()
  const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
  expect(await cache.getOrCompute('k', () => 2)).toBe(2)
  expect(run).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})
