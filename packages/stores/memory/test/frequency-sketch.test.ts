import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrequencySketch } from '../src/adaptive/frequency-sketch'
import { hashKey } from '../src/adaptive/hash'

const counted = fc.array(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 15 })), { maxLength: 300 })

test('a frequency sketch never underestimates, and keeps its estimates when it grows', () => {
  fc.assert(
    fc.property(counted, fc.integer({ min: 1, max: 2_000 }), (pairs, keys) => {
      const sketch = createFrequencySketch()
      for (const [hash, frequency] of pairs) sketch.raiseFrequency(hash, frequency)
      const before = pairs.map(([hash]) => sketch.estimateFrequency(hash))
      for (const [index, [, frequency]] of pairs.entries())
        expect(before[index]).toBeGreaterThanOrEqual(frequency)
      sketch.ensureCapacity(keys)
      expect(pairs.map(([hash]) => sketch.estimateFrequency(hash))).toEqual(before)
      sketch.halveFrequencies()
      expect(pairs.map(([hash]) => sketch.estimateFrequency(hash))).toEqual(before.map((count) => count >> 1))
    }),
  )
})

test('a frequency sketch rarely reports a use of a key that was not used', () => {
  const sketch = createFrequencySketch()
  sketch.ensureCapacity(1_000)
  for (let index = 0; index < 1_000; index += 1) sketch.raiseFrequency(hashKey(`key ${index}`, 1), 5)
  const others = Array.from({ length: 1_000 }, (_, index) =>
    sketch.estimateFrequency(hashKey(`other ${index}`, 1)),
  )
  expect(others.filter((count) => count > 0).length).toBeLessThan(60)
})
