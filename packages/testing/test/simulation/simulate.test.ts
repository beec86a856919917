import { createCache } from '@larder/core'
import { expect, test } from 'vitest'
import { faultNames, simulate } from '../../src/index'

test('the same seed gives the same history', async () => {
  const [first, second] = [await simulate({ seed: 3 }), await simulate({ seed: 3 })]
  expect(second.history).toEqual(first.history)
  expect((await simulate({ seed: 4 })).history).not.toEqual(first.history)
})

test.each(faultNames)('under %s faults, 20 seeds violate no guarantee in hundreds of reads', async (name) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { history, violations } = await simulate({ seed, faults: [name] })
    expect(violations.map(({ message }) => message)).toEqual([])
    expect(history.reads.length).toBeGreaterThan(100)
    expect(history.writes.length).toBeGreaterThan(3)
  }
})

test('a cache that drops every second invalidation is detected', async () => {
  let calls = 0
  const { violations } = await simulate({
    faults: [],
    makeCache(options) {
      const cache = createCache(options)
      const { invalidate } = cache
      return Object.assign(cache, {
        invalidate: async (...args: Parameters<typeof invalidate>) => {
          calls += 1
          return calls % 2 === 0 ? invalidate(...args) : { outcome: 'applied' as const, token: undefined }
        },
      })
    },
  })
  expect(violations.length).toBeGreaterThan(0)
})
