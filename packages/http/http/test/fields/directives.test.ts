import { describe, expect, test } from 'vitest'
import { parseDirectives, parseSeconds, secondsOf } from '../../src/fields/directives'

describe('Cache-Control', () => {
  test('is parsed in any case, with spaces and with quoted arguments', () => {
    const directives = parseDirectives(' Max-Age = 5,S-MAXAGE="60" , ,private="a, b",no-store')
    expect([...directives.keys()]).toEqual(['s-maxage', 'private', 'no-store'])
    expect(parseDirectives('Max-Age=5').get('max-age')).toBe('5')
    expect(directives.get('private')).toBe('a, b')
  })

  test('has no directives inside quoted strings', () => {
    expect([...parseDirectives('a="no-store, private", "public", max-age=1').keys()]).toEqual([
      'a',
      'max-age',
    ])
  })

  test('applies the shorter lifetime if a directive is repeated', () => {
    expect(secondsOf(parseDirectives('max-age=60, max-age=5'), 'max-age')).toBe(5)
    expect(secondsOf(parseDirectives('max-age=5, max-age=60'), 'max-age')).toBe(5)
    expect(secondsOf(parseDirectives('max-age=60, max-age=x'), 'max-age')).toBe(0)
  })

  test.each(['-1', '1.5', '1e3', 'soon', '', '0x10'])(
    'counts %j seconds as an invalid number, so the response is stale',
    (text) => {
      expect(parseSeconds(text)).toBeUndefined()
      expect(secondsOf(new Map([['max-age', text]]), 'max-age')).toBe(0)
    },
  )

  test('clamps seconds beyond 31 bits to 2^31', () => {
    expect(parseSeconds('99999999999999999999')).toBe(2 ** 31)
  })

  test('is parsed in linear time, even when it is hostile', () => {
    for (const hostile of [
      'a="'.repeat(20_000),
      '\\"'.repeat(30_000),
      'a,'.repeat(30_000),
      ' '.repeat(60_000),
    ]) {
      const startedAt = process.cpuUsage()
      parseDirectives(hostile)
      // The time that this process computed, in µs, which other processes do not lengthen.
      const { user, system } = process.cpuUsage(startedAt)
      expect(user + system).toBeLessThan(1_000_000)
    }
  })
})
