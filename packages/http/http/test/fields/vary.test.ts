import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSelected, selectorsOf, varyNames } from '../../src/fields/vary'

const request = (fields: Record<string, string>) => new Headers(fields)

const credentials = new Set(['cookie'])

describe('a variant is selected by a request with', () => {
  const selectorFor = (name: string, value: string) =>
    selectorsOf([name], request({ [name]: value }), credentials) ?? []

  test('exactly the same value', () => {
    expect(isSelected(selectorFor('x-flags', 'a, b'), request({ 'x-flags': 'a, b' }))).toBe(true)
    expect(isSelected(selectorFor('x-flags', 'a, b'), request({ 'x-flags': 'a,b' }))).toBe(false)
    expect(isSelected(selectorFor('x-name', '"a, b"'), request({ 'x-name': '"a,b"' }))).toBe(false)
  })

  test('the same preferences in the same order, whatever their spaces and case', () => {
    const selectors = selectorFor('accept-language', 'de;q=0.5, EN')
    expect(isSelected(selectors, request({ 'accept-language': 'DE; q=0.5,en' }))).toBe(true)
    expect(isSelected(selectors, request({ 'accept-language': 'en, de;q=0.5' }))).toBe(false)
    const profile = selectorFor('accept', 'application/ld+json;profile=A')
    expect(isSelected(profile, request({ accept: 'application/ld+json; profile=A' }))).toBe(true)
    expect(isSelected(profile, request({ accept: 'application/ld+json;profile=a' }))).toBe(false)
  })

  test('the same field absent, but not with an empty field', () => {
    const selectors = selectorsOf(['x-flag'], request({}), credentials) ?? []
    expect(isSelected(selectors, request({}))).toBe(true)
    expect(isSelected(selectors, request({ 'x-flag': '' }))).toBe(false)
  })

  test('the same credentials, of which it has a digest only', () => {
    const selectors = selectorFor('cookie', 'session=secret')
    expect(JSON.stringify(selectors)).not.toContain('secret')
    expect(isSelected(selectors, request({ cookie: 'session=secret' }))).toBe(true)
    expect(isSelected(selectors, request({ cookie: 'session=other' }))).toBe(false)
    expect(isSelected(selectors, request({}))).toBe(false)
    expect(
      isSelected(selectorsOf(['cookie'], request({}), credentials) ?? [], request({ cookie: 'a' })),
    ).toBe(false)
  })

  test('the values of the request that it was stored for', () => {
    const values = fc.string({ unit: fc.constantFrom(...'aA,; q=0.1"-*/') })
    const names = fc.constantFrom('accept', 'accept-encoding', 'x-other')
    fc.assert(
      fc.property(names, values, (name, value) => {
        expect(isSelected(selectorFor(name, value), request({ [name]: value }))).toBe(true)
      }),
    )
  })
})

test('names in Vary are sorted, in lower case and without repeats', () => {
  expect(varyNames('B, a ,,A')).toEqual(['a', 'b'])
  expect(varyNames(undefined)).toEqual([])
})

test('Vary with * among its names matches no request', () => {
  expect(varyNames('a, *')).toBeUndefined()
})
