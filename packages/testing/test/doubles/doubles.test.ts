import { LarderError } from '@larder/core'
import { describe, expect, test, vi } from 'vitest'
import { passThroughCache, recordingCache } from '../../src/index'

describe('passThroughCache', () => {
  test('runs the function of every read', async () => {
    const load = vi.fn(async (id: number) => id)
    const cached = passThroughCache().wrap(load, { name: 'load' })
    await cached(1)
    await cached(1)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('refuses a wrong call as any cache does', async () => {
    await expect(passThroughCache().get({} as never)).rejects.toBeInstanceOf(LarderError)
  })
})

describe('recordingCache', () => {
  test('records the tags that are invalidated, also by writes that are wrapped', async () => {
    const cache = recordingCache()
    await cache.invalidate(['user:1', 'users'])
    const rename = cache.wrapWrite(
      async (id: number) => id,
      ([id]) => `user:${id}`,
    )
    await rename(2)
    expect(cache.invalidatedTags).toEqual(['user:1', 'users', 'user:2'])
  })

  test('records the keys that are deleted, apart from tags', async () => {
    const cache = recordingCache()
    await cache.delete('user:1')
    expect(cache.recordedInvalidations).toEqual([{ scope: 'key', names: ['user:1'] }])
    expect(cache.invalidatedTags).toEqual([])
  })

  test('records invalidations in a namespace', async () => {
    const cache = recordingCache()
    await cache.namespace('users').invalidate('user:1')
    expect(cache.invalidatedTags).toEqual(['user:1'])
  })

  test('forgets on demand', async () => {
    const cache = recordingCache()
    await cache.invalidate('a')
    cache.forgetInvalidations()
    expect([...cache.invalidatedTags, ...cache.recordedInvalidations]).toEqual([])
  })
})
