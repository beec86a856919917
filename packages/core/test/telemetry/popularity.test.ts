import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPopularity } from '../../src/index'
import { manualClock } from '../support/manual-clock'

test('a use counts half after each half-life', async () => {
  const clock = manualClock()
  const popularity = createPopularity({ halfLife: '1m', clock })
  for (let at = 0; at < 8; at += 1) popularity.add('old')
  await clock.advance(120_000)
  popularity.add('new')
  popularity.add('new')
  popularity.add('new')
  expect(popularity.top(2)).toEqual([
    { name: 'new', uses: 3 },
    { name: 'old', uses: 2 },
  ])
})

test('counts stay exact over many half-lives', async () => {
  const clock = manualClock()
  const popularity = createPopularity({ halfLife: '1s', clock })
  popularity.add('long ago')
  await clock.advance(10_000_000)
  popularity.add('now')
  const [first, second] = popularity.top(2)
  expect(first).toEqual({ name: 'now', uses: 1 })
  expect(second?.uses ?? 0).toBe(0)
})

test('every name with more than 1/(capacity + 1) of the uses is found, and no count is too high', () => {
  const names = fc.array(fc.integer({ min: 0, max: 60 }).map(String), { minLength: 1, maxLength: 400 })
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 10 }), (uses, capacity) => {
      const popularity = createPopularity({ capacity, clock: manualClock() })
      const truth = new Map<string, number>()
      for (const name of uses) {
        popularity.add(name)
        truth.set(name, (truth.get(name) ?? 0) + 1)
      }
      const found = new Map(popularity.top(1_000).map(({ name, uses: count }) => [name, count]))
      expect(found.size).toBeLessThanOrEqual(2 * capacity)
      for (const [name, count] of truth) {
        expect(found.get(name) ?? 0).toBeLessThanOrEqual(count)
        if (count > uses.length / (capacity + 1)) expect(found.has(name)).toBe(true)
      }
    }),
  )
})
