import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSelected, selectorsOf, varyNames } from '../../src/fields/vary'

const request = (fields: Record<string, string>) => new Headers(fields)

describe('a variant is selected by', () => {
  const made = (name: string, value: string) => selectorsOf([name], request({ [name]: value }))

  test('the same value, whatever the spaces around commas', () => {
    expect(isSelected(made('x-flags', 'a, b'), request({ 'x-flags': 'a,b' }))).toBe(true)
    expect(isSelected(made('x-flags', 'a, b'), request({ 'x-flags': 'b, a' }))).toBe(false)
  })

  test('the same preferences, whatever their order and spelling', () => {
    const selectors = made('accept-language', 'de;q=0.5, EN')
    expect(isSelected(selectors, request({ 'accept-language': 'en, de;q=0.50' }))).toBe(true)
    expect(isSelected(selectors, request({ 'accept-language': 'en, de' }))).toBe(false)
  })

  test('a field that is missing as well, and not by an empty one', () => {
    const selectors = selectorsOf(['x-flag'], request({}))
    expect(isSelected(selectors, request({}))).toBe(true)
    expect(isSelected(selectors, request({ 'x-flag': '' }))).toBe(false)
  })

  test('the request that it was made for, always', () => {
    const values = fc.string({ unit: fc.constantFrom(...'aA,; q=0.1"-*/') })
    const names = fc.constantFrom('accept', 'accept-encoding', 'x-other')
    fc.assert(
      fc.property(names, values, (name, value) => {
        expect(isSelected(made(name, value), request({ [name]: value }))).toBe(true)
      }),
    )
  })
})

test('Vary names fields in any case and order, once', () => {
  expect(varyNames('B, a ,,A')).toEqual(['a', 'b'])
  expect(varyNames(undefined)).toEqual([])
})

test('one * in Vary is enough', () => {
  expect(varyNames('a, *')).toBeUndefined()
})
