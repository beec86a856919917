import { expect, test } from 'vitest'
import { makeEntityTag, parseEntityTags, stronglyEqual, weaklyEqual } from '../../src/fields/entity-tag'

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

test('a list of entity tags is split at commas, but not at those inside a tag', () => {
  expect(parseEntityTags('"a", W/"b,c" ,"", d')).toEqual(['"a"', 'W/"b,c"', '""', 'd'])
})

test('a generated entity tag is weak, and differs if the body differs', async () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(await makeEntityTag(bytes('a'))).toMatch(/^W\/"[\w+/]{20}"$/)
  expect(await makeEntityTag(bytes('a'))).toBe(await makeEntityTag(bytes('a')))
  expect(await makeEntityTag(bytes('a'))).not.toBe(await makeEntityTag(bytes('b')))
})
