import { describe, expect, test, vi } from 'vitest'
import { joinedReads } from '../src/joined-reads'

const echo = () => vi.fn(async (keys: readonly string[]) => keys.map((key) => `value of ${key}`))

describe('reads of one turn', () => {
  test('are one command, and each caller gets its own values', async () => {
    const read = echo()
    const get = joinedReads(read)
    const answers = await Promise.all([get(['a']), get(['b', 'c']), Promise.resolve().then(() => get(['d']))])
    expect(answers).toEqual([['value of a'], ['value of b', 'value of c'], ['value of d']])
    expect(read.mock.calls).toEqual([[['a', 'b', 'c', 'd']]])
  })

  test('fail together, and those of the next turn do not', async () => {
    const read = echo()
    read.mockRejectedValueOnce(new Error('gone'))
    const get = joinedReads(read)
    expect(await Promise.allSettled([get(['a']), get(['b'])])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    expect(await get(['c'])).toEqual(['value of c'])
  })

  test('are several commands where they are too many for one', async () => {
    const read = echo()
    const get = joinedReads(read)
    const keys = Array.from({ length: 1_200 }, (_, at) => `${at}`)
    const answers = await Promise.all(keys.map((key) => get([key])))
    expect(answers.flat()).toEqual(keys.map((key) => `value of ${key}`))
    expect(read.mock.calls.map(([asked]) => asked.length)).toEqual([500, 500, 200])
  })

  test('of many keys at once stay whole', async () => {
    const read = echo()
    const get = joinedReads(read)
    const many = Array.from({ length: 2_000 }, (_, at) => `${at}`)
    const [one, all] = await Promise.all([get(['one']), get(many)])
    expect([one.length, all.length]).toEqual([1, 2_000])
    expect(read).toHaveBeenCalledTimes(2)
  })
})
