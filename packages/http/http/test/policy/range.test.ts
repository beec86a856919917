import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSameForRange, rangeOf } from '../../src/policy/range'

test.each([
  ['bytes=0-4', { first: 0, last: 4 }],
  ['bytes=5-', { first: 5, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-99', { first: 0, last: 9 }],
  ['bytes=8-99', { first: 8, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=4-2', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['lines=0-1', 'whole'],
  [null, 'whole'],
])('of ten bytes, %s means %o', (value, part) => {
  expect(rangeOf(value, 10)).toEqual(part)
})

test('a part lies inside of the body, and begins where it was asked for', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.option(fc.nat(60)), fc.option(fc.nat(60)), (size, from, to) => {
      const part = rangeOf(`bytes=${from ?? ''}-${to ?? ''}`, size)
      const isRange = from === null ? to !== null : to === null || to >= from
      expect(part !== 'whole').toBe(isRange)
      if (part === 'whole') return
      const isThere = size > 0 && (from === null ? to !== 0 : from < size)
      expect(part !== 'unsatisfiable').toBe(isThere)
      if (part === 'unsatisfiable') return
      expect(part.first >= 0 && part.first <= part.last && part.last < size).toBe(true)
      expect(part.first).toBe(from ?? Math.max(0, size - (to ?? 0)))
    }),
  )
})

test('parts of two bodies are never mixed', () => {
  const headers = (value?: string) => new Headers(value === undefined ? {} : { 'if-range': value })
  const tagged = [['etag', '"1"']] as const
  expect(isSameForRange(tagged, headers())).toBe(true)
  expect(isSameForRange(tagged, headers('"1"'))).toBe(true)
  expect(isSameForRange(tagged, headers('"2"'))).toBe(false)
  expect(isSameForRange([['etag', 'W/"1"']], headers('W/"1"'))).toBe(false)
  expect(isSameForRange(tagged, headers('Sun, 06 Nov 1994 08:49:37 GMT'))).toBe(false)
})
