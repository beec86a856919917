import { describe, expect, test } from 'vitest'
import { readStored } from '../../src/policy/read-stored'
import { type StoredResponse, storedVersion } from '../../src/policy/stored-response'

const stored: StoredResponse = {
  version: storedVersion,
  status: 200,
  fields: [['content-length', '4']],
  originFieldCount: 1,
  removedNames: [],
  body: new TextEncoder().encode('body'),
  selectors: [['accept-language', 'de']],
  tags: ['jobs'],
  responseTime: 0,
  initialAge: 0,
  lifetime: 1_000,
  isShareable: true,
  requiresValidation: false,
  allowsStale: true,
  staleWhileRevalidate: 0,
  staleIfError: 0,
}

describe('a stored response', () => {
  test('is read as it was stored', () => {
    expect(readStored(stored)).toBe(stored)
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'body'],
    ['a list', [stored]],
    ['an empty object', {}],
    ['a response of another version', { ...stored, version: storedVersion + 1 }],
    ['a response without a version', { ...stored, version: undefined }],
    ['a status below 200', { ...stored, status: 199 }],
    ['a status above 599', { ...stored, status: 1_000 }],
    ['a status with a fraction', { ...stored, status: 200.5 }],
    ['a text for the status', { ...stored, status: '200' }],
    ['no fields', { ...stored, fields: undefined }],
    ['a record of fields', { ...stored, fields: { 'x-one': '1' } }],
    ['a line break in a field', { ...stored, fields: [['x-one', '1\r\nset-cookie: a=1']] }],
    ['a control character in a field', { ...stored, fields: [['x-one', '\0']] }],
    ['a character beyond an octet in a field', { ...stored, fields: [['x-one', '\u0100']] }],
    ['a name that is not a token', { ...stored, fields: [['x one', '1']] }],
    ['an object for the value of a field', { ...stored, fields: [['x-one', {}]] }],
    ['a field of three parts', { ...stored, fields: [['x-one', '1', '2']] }],
    ['a length that is not that of the body', { ...stored, fields: [['content-length', '5']] }],
    ['a text for the body', { ...stored, body: 'body' }],
    ['no body', { ...stored, body: undefined }],
    ['null for the selecting fields', { ...stored, selectors: null }],
    ['tags that are no texts', { ...stored, tags: [1] }],
    ['a lifetime that is not a number', { ...stored, lifetime: Number.NaN }],
    ['a text for a flag', { ...stored, isShareable: 'false' }],
  ])('is absent where the store has %s', (_, value) => {
    expect(readStored(value)).toBeUndefined()
  })
})
