import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRangeAllowed, parseRange } from '../../src/policy/range'

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
])('of a body of ten bytes, %s requests %o', (value, part) => {
  expect(parseRange(value, 10)).toEqual(part)
})

test('a range lies inside the body and starts at the requested byte', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.option(fc.nat(60)), fc.option(fc.nat(60)), (size, from, to) => {
      const part = parseRange(`bytes=${from ?? ''}-${to ?? ''}`, size)
      const isRange = from === null ? to !== null : to === null || to >= from
      expect(part !== 'whole').toBe(isRange)
      if (part === 'whole') return
      const isSatisfiable = size > 0 && (from === null ? to !== 0 : from < size)
      expect(part !== 'unsatisfiable').toBe(isSatisfiable)
      if (part === 'unsatisfiable') return
      expect(part.first >= 0 && part.first <= part.last && part.last < size).toBe(true)
      expect(part.first).toBe(from ?? Math.max(0, size - (to ?? 0)))
    }),
  )
})

test('If-Range prevents parts of two different bodies from being combined', () => {
  const headers = (value?: string) => new Headers(value === undefined ? {} : { 'if-range': value })
  const tagged = [['etag', '"1"']] as const
  expect(isRangeAllowed(tagged, headers())).toBe(true)
  expect(isRangeAllowed(tagged, headers('"1"'))).toBe(true)
  expect(isRangeAllowed(tagged, headers('"2"'))).toBe(false)
  expect(isRangeAllowed([['etag', 'W/"1"']], headers('W/"1"'))).toBe(false)
  expect(isRangeAllowed(tagged, headers('Sun, 06 Nov 1994 08:49:37 GMT'))).toBe(false)
})
