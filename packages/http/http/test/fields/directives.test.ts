import { describe, expect, test } from 'vitest'
import { parseDirectives, parseSeconds, secondsOf } from '../../src/fields/directives'

describe('Cache-Control', () => {
  test('is read whatever the case, the spaces and the quotes', () => {
    const directives = parseDirectives(' Max-Age = 5,S-MAXAGE="60" , ,private="a, b",no-store')
    expect([...directives.keys()]).toEqual(['s-maxage', 'private', 'no-store'])
    expect(parseDirectives('Max-Age=5').get('max-age')).toBe('5')
    expect(directives.get('private')).toBe('a, b')
  })

  test('says nothing inside of quotes', () => {
    expect([...parseDirectives('a="no-store, private", "public", max-age=1').keys()]).toEqual([
      'a',
      'max-age',
    ])
  })

  test('keeps a response for the shorter time where it says two', () => {
    expect(secondsOf(parseDirectives('max-age=60, max-age=5'), 'max-age')).toBe(5)
    expect(secondsOf(parseDirectives('max-age=5, max-age=60'), 'max-age')).toBe(5)
    expect(secondsOf(parseDirectives('max-age=60, max-age=x'), 'max-age')).toBe(0)
  })

  test.each(['-1', '1.5', '1e3', 'soon', '', '0x10'])('takes %j seconds for none', (text) => {
    expect(parseSeconds(text)).toBeUndefined()
    expect(secondsOf(new Map([['max-age', text]]), 'max-age')).toBe(0)
  })

  test('takes more seconds than 32 bits hold for ever', () => {
    expect(parseSeconds('99999999999999999999')).toBe(2 ** 31)
  })

  test('takes time in proportion to its length, whatever stands in it', () => {
    for (const hostile of [
      'a="'.repeat(20_000),
      '\\"'.repeat(30_000),
      'a,'.repeat(30_000),
      ' '.repeat(60_000),
    ]) {
      const began = process.cpuUsage()
      parseDirectives(hostile)
      // Time that this process computed, in µs: what others do meanwhile is not part of it.
      const { user, system } = process.cpuUsage(began)
      expect(user + system).toBeLessThan(1_000_000)
    }
  })
})
