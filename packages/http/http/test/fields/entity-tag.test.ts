import { expect, test } from 'vitest'
import { entityTagOf, parseEntityTags, stronglyEqual, weaklyEqual } from '../../src/fields/entity-tag'

test('entity tags compare as in the table of RFC 9110 §8.8.3.2', () => {
  const table = [
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ] as const
  for (const [a, b, strong, weak] of table)
    expect([stronglyEqual(a, b), weaklyEqual(a, b)]).toEqual([strong, weak])
})

test('a list of entity tags is taken apart between them, not inside', () => {
  expect(parseEntityTags('"a", W/"b,c" ,"", d')).toEqual(['"a"', 'W/"b,c"', '""', 'd'])
})

test('a made tag is weak, and another for another body', async () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(await entityTagOf(bytes('a'))).toMatch(/^W\/"[\w+/]{20}"$/)
  expect(await entityTagOf(bytes('a'))).toBe(await entityTagOf(bytes('a')))
  expect(await entityTagOf(bytes('a'))).not.toBe(await entityTagOf(bytes('b')))
})
