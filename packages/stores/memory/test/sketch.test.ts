import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf } from '../src/adaptive/hash'
import { createSketch } from '../src/adaptive/sketch'

const counted = fc.array(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 15 })), { maxLength: 300 })

test('a sketch never takes a key for rarer than it is, however it grows', () => {
  fc.assert(
    fc.property(counted, fc.integer({ min: 1, max: 2_000 }), (pairs, keys) => {
      const sketch = createSketch()
      for (const [hash, frequency] of pairs) sketch.raise(hash, frequency)
      const before = pairs.map(([hash]) => sketch.estimate(hash))
      for (const [at, [, frequency]] of pairs.entries()) expect(before[at]).toBeGreaterThanOrEqual(frequency)
      sketch.fit(keys)
      expect(pairs.map(([hash]) => sketch.estimate(hash))).toEqual(before)
      sketch.halve()
      expect(pairs.map(([hash]) => sketch.estimate(hash))).toEqual(before.map((count) => count >> 1))
    }),
  )
})

test('a sketch seldom takes a key for one that was used', () => {
  const sketch = createSketch()
  sketch.fit(1_000)
  for (let at = 0; at < 1_000; at += 1) sketch.raise(hashOf(`key ${at}`, 1), 5)
  const others = Array.from({ length: 1_000 }, (_, at) => sketch.estimate(hashOf(`other ${at}`, 1)))
  expect(others.filter((count) => count > 0).length).toBeLessThan(60)
})
