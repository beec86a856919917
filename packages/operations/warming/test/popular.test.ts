import { describe, expect, test, vi } from 'vitest'
import { type WarmPopularOptions, warmPopular } from '../src/index'
import { cacheInVirtualTime } from './support/caches'

const minute = 60_000

/** A cache whose values live for ten minutes, kept warm every minute. */
function kept(options: Partial<WarmPopularOptions> = {}) {
  const { cache, clock } = cacheInVirtualTime()
  const source = vi.fn(async (key: string) => key)
  const read = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '10m' })
  const refresh = (key: string) => cache.getOrCompute(key, () => source(key), { ttl: '10m', fresh: true })
  /** Often enough to be popular for a while. */
  const readOften = async (key: string) => {
    for (let time = 0; time < 8; time += 1) await read(key)
  }
  const load = vi.fn(refresh)
  const warming = warmPopular(cache, load, { clock, ...options })
  return { cache, clock, source, read, readOften, load, warming }
}

describe('what is popular', () => {
  test('is re-read before it expires, so that no caller waits', async () => {
    const { cache, clock, read, load } = kept()
    await read('popular')
    for (let at = 0; at < 30; at += 1) {
      await clock.advance(minute)
      await read('popular')
    }
    expect(cache.stats().hits.memory).toBeGreaterThanOrEqual(30)
    expect(load.mock.calls).toEqual([['popular'], ['popular'], ['popular']])
  })

  test('is only what is used most', async () => {
    const { clock, read, load } = kept({ top: 2 })
    for (const [key, times] of [
      ['a', 5],
      ['b', 3],
      ['c', 4],
    ] as const)
      for (let time = 0; time < times; time += 1) await read(key)
    await clock.advance(10 * minute)
    expect(new Set(load.mock.calls.map(([key]) => key))).toEqual(new Set(['a', 'c']))
  })

  test('is not kept popular by being re-read: it is let go when nobody uses it any more', async () => {
    const { cache, clock, readOften, source } = kept({ halfLife: '5m' })
    await readOften('forgotten')
    await clock.advance(60 * minute)
    // Eight accesses are worth less than one after three half-lives: it was re-read once until then.
    expect(source).toHaveBeenCalledTimes(2)
    expect((await cache.explain('forgotten')).outcome).toBe('miss')
  })

  test('is left alone where it is not cached', async () => {
    const { cache, clock, readOften, load } = kept()
    await readOften('gone')
    await cache.delete('gone')
    for (let time = 0; time < 8; time += 1) await cache.get('never')
    await clock.advance(30 * minute)
    expect(load).not.toHaveBeenCalled()
  })

  test('in namespaces is left alone, unless keyOf says which key it is', async () => {
    const { cache, clock, readOften, load } = kept()
    const users = cache.namespace<string>('users')
    const loadUser = vi.fn()
    const keyOf = (key: string) => (key.startsWith('@users/') ? key.slice(7) : undefined)
    warmPopular(users, loadUser, { clock, keyOf })
    await users.set('42', 'Ada', { ttl: '10m' })
    for (let time = 0; time < 8; time += 1) await users.get('42')
    await readOften('@at')
    await clock.advance(10 * minute)
    expect(loadUser.mock.calls[0]).toEqual(['42'])
    expect(load.mock.calls).toEqual([['@at']])
  })

  test('is tried again the next time, if it cannot be loaded', async () => {
    const onRound = vi.fn()
    const { clock, readOften, load } = kept({ onRound })
    load.mockRejectedValueOnce(new Error('no database'))
    await readOften('popular')
    await clock.advance(9 * minute + 30_000)
    expect(onRound).toHaveBeenCalledTimes(1)
    expect(onRound.mock.calls[0]).toMatchObject([{ failed: 1, failures: ['no database'] }])
    await clock.advance(minute)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('is let go when it is stopped, and keeps no process alive', async () => {
    const { clock, readOften, load, warming } = kept()
    await readOften('popular')
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
  ])('with %o is refused', (options) => {
    expect(() => kept(options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })
})
