import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHttpDate, parseHttpDate } from '../../src/fields/http-date'

const example = Date.UTC(1994, 10, 6, 8, 49, 37)

test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
  '%s, an example of RFC 9110 §5.6.7, is parsed',
  (text) => {
    expect(parseHttpDate(text)).toBe(example)
  },
)

test('a formatted date is parsed back to the same second', () => {
  const dates = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(dates, (date) => {
      const second = Math.floor(date.getTime() / 1_000) * 1_000
      expect(parseHttpDate(formatHttpDate(second))).toBe(second)
    }),
  )
})

test('a two-digit year more than fifty years ahead is in the past', () => {
  const now = Date.UTC(2026, 0, 1)
  const yearOf = (digits: number) =>
    new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, now) ?? 0).getUTCFullYear()
  expect([yearOf(76), yearOf(77), yearOf(26), yearOf(99)]).toEqual([2076, 1977, 2026, 1999])
})

test.each([
  '0',
  '-1',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Non 1994 08:49:37 GMT',
  '1994-11-06T08:49:37Z',
  'Sun, 06 Nov 1994 28:49:37 GMT',
])('%j is not a date', (text) => {
  expect(parseHttpDate(text)).toBeUndefined()
})
