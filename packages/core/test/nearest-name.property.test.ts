import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typingErrorsBetween } from '../src/arguments/nearest-name'

test('the number of typing errors is symmetric, 0 for equal texts only, and at most the length of the longer text', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(typingErrorsBetween(a, b)).toBe(typingErrorsBetween(b, a))
      expect(typingErrorsBetween(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(typingErrorsBetween(a, b) === 0).toBe(a === b)
    }),
  )
})

test('swapping two neighbours is one typing error', () => {
  expect(typingErrorsBetween('tlt', 'ttl')).toBe(1)
})
