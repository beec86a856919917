import { expect, test } from 'vitest'
import { toFieldRecord } from '../../src/fields/field-record'

test('a field that occurs once has a string, a repeated field has an array of its values in order', () => {
  const fields = toFieldRecord([
    ['set-cookie', 'a=1'],
    ['etag', '"v1"'],
    ['set-cookie', 'b=2'],
    ['set-cookie', 'c=3'],
  ])
  expect(fields).toEqual({ 'set-cookie': ['a=1', 'b=2', 'c=3'], etag: '"v1"' })
})

test('__proto__ and constructor are ordinary field names', () => {
  const fields = toFieldRecord([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  expect(Object.entries(fields)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
})
