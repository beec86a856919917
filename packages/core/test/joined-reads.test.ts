import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { joinedReads } from '../src/storage/joined-reads'
import { manualClock } from './support/manual-clock'
import { createWorld } from './support/world'

const echo = () => vi.fn(async (keys: readonly string[]) => keys.map((key) => `value of ${key}`))

describe('reads of one turn', () => {
  test('are one question, and each caller gets its own answer', async () => {
    const read = echo()
    const get = joinedReads(read)
    expect(await Promise.all([get('a'), get('b'), Promise.resolve().then(() => get('c'))])).toEqual([
      'value of a',
      'value of b',
      'value of c',
    ])
    expect(read.mock.calls).toEqual([[['a', 'b', 'c']]])
  })

  test('fail together, and those of the next turn do not', async () => {
    const read = echo()
    read.mockRejectedValueOnce(new Error('gone'))
    const get = joinedReads(read)
    expect(await Promise.allSettled([get('a'), get('b')])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    expect(await get('c')).toBe('value of c')
  })

  test('are several questions where they are too many for one', async () => {
    const read = echo()
    const get = joinedReads(read)
    const keys = Array.from({ length: 1_200 }, (_, at) => `${at}`)
    expect(await Promise.all(keys.map(get))).toEqual(keys.map((key) => `value of ${key}`))
    expect(read.mock.calls.map(([asked]) => asked.length)).toEqual([500, 500, 200])
  })

  test('pass the gate of their tier as one call', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock })
    await clock.advance(1_000)
    const calls: string[] = []
    cache.on('store', ({ operation }) => calls.push(operation))
    await Promise.all(['a', 'b', 'c'].map((key) => cache.getOrCompute(key, () => key)))
    expect(calls.filter((operation) => operation === 'get')).toHaveLength(1)
    await cache.close()
  })
})
