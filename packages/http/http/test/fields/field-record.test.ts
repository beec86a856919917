import { expect, test } from 'vitest'
import { recordOf } from '../../src/fields/field-record'

test('a field that stands once has a value, one that stands more often has them all, in order', () => {
  const fields = recordOf([
    ['set-cookie', 'a=1'],
    ['etag', '"v1"'],
    ['set-cookie', 'b=2'],
    ['set-cookie', 'c=3'],
  ])
  expect(fields).toEqual({ 'set-cookie': ['a=1', 'b=2', 'c=3'], etag: '"v1"' })
})

test('names that mean something to JavaScript are names like any other', () => {
  const fields = recordOf([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  expect(Object.entries(fields)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
})
