import { describe, expect, test, vi } from 'vitest'
import { type WarmPopularOptions, warmPopular } from '../src/index'
import { createVirtualCache } from './support/caches'

const minute = 60_000

/** A cache with a ttl of ten minutes whose popular keys are reloaded every minute. */
function createWarmedCache(options: Partial<WarmPopularOptions> = {}) {
  const { cache, clock } = createVirtualCache()
  const source = vi.fn(async (key: string) => key)
  const read = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '10m' })
  const refresh = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '10m', fresh: true })
  /** Reads a key often enough for it to stay popular for a while. */
  const readOften = async (key: string) => {
    for (let count = 0; count < 8; count += 1) await read(key)
  }
  const load = vi.fn(refresh)
  const warming = warmPopular(cache, load, { clock, ...options })
  return { cache, clock, source, read, readOften, load, warming }
}

describe('warming of popular keys', () => {
  test('reloads them before they expire, so that reads are hits', async () => {
    const { cache, clock, read, load } = createWarmedCache()
    await read('popular')
    for (let elapsed = 0; elapsed < 30; elapsed += 1) {
      await clock.advance(minute)
      await read('popular')
    }
    expect(cache.stats().hits.memory).toBeGreaterThanOrEqual(30)
    expect(load.mock.calls).toEqual([['popular'], ['popular'], ['popular']])
  })

  test('reloads only the most popular ones', async () => {
    const { clock, read, load } = createWarmedCache({ top: 2 })
    for (const [key, times] of [
      ['a', 5],
      ['b', 3],
      ['c', 4],
    ] as const)
      for (let count = 0; count < times; count += 1) await read(key)
    await clock.advance(10 * minute)
    expect(new Set(load.mock.calls.map(([key]) => key))).toEqual(new Set(['a', 'c']))
  })

  test('does not count reloads as accesses: an unused key expires', async () => {
    const { cache, clock, readOften, source } = createWarmedCache({ halfLife: '5m' })
    await readOften('forgotten')
    await clock.advance(60 * minute)
    // Eight accesses count as less than one after three half-lives. The key was reloaded once before that.
    expect(source).toHaveBeenCalledTimes(2)
    expect((await cache.explain('forgotten')).outcome).toBe('miss')
  })

  test('does not load keys without an entry', async () => {
    const { cache, clock, readOften, load } = createWarmedCache()
    await readOften('gone')
    await cache.delete('gone')
    for (let count = 0; count < 8; count += 1) await cache.get('never')
    await clock.advance(30 * minute)
    expect(load).not.toHaveBeenCalled()
  })

  test('ignores keys in namespaces, unless keyOf converts them', async () => {
    const { cache, clock, readOften, load } = createWarmedCache()
    const users = cache.namespace<string>('users')
    const loadUser = vi.fn()
    const keyOf = (key: string) => (key.startsWith('@users/') ? key.slice(7) : undefined)
    warmPopular(users, loadUser, { clock, keyOf })
    await users.set('42', 'Ada', { ttl: '10m' })
    for (let count = 0; count < 8; count += 1) await users.get('42')
    await readOften('@at')
    await clock.advance(10 * minute)
    expect(loadUser.mock.calls[0]).toEqual(['42'])
    expect(load.mock.calls).toEqual([['@at']])
  })

  test('retries a failed reload in the next round', async () => {
    const onRound = vi.fn()
    const { clock, readOften, load } = createWarmedCache({ onRound })
    load.mockRejectedValueOnce(new Error('no database'))
    await readOften('popular')
    await clock.advance(9 * minute + 30_000)
    expect(onRound).toHaveBeenCalledTimes(1)
    expect(onRound.mock.calls[0]).toMatchObject([{ failed: 1, failures: ['no database'] }])
    await clock.advance(minute)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('ends after a stop, and does not keep the process alive', async () => {
    const { clock, readOften, load, warming } = createWarmedCache()
    await readOften('popular')
    // A computation keeps the process alive until the turn after its end.
    await clock.advance(0)
    expect(clock.held).toBe(0)
    warming.stop()
    await warming.done
    await clock.advance(30 * minute)
    expect(load).not.toHaveBeenCalled()
  })

  test.each([
    { every: 0 },
    { every: '30d' as const },
    { top: 0 },
    { minCount: -1 },
    { concurrency: 0 },
    { capacity: 0 },
  ])('rejects %o', (options) => {
    expect(() => createWarmedCache(options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })
})
