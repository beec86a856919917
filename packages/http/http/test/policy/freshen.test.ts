import { expect, test } from 'vitest'
import { freshenFields } from '../../src/policy/freshen'

test('a validation replaces fields, but for those that describe the body', () => {
  const stored = [
    ['etag', '"1"'],
    ['content-type', 'text/html'],
    ['expires', 'old'],
  ] as const
  const update = [
    ['expires', 'new'],
    ['content-type', 'text/plain'],
  ] as const
  expect(freshenFields(stored, update)).toEqual([
    ['etag', '"1"'],
    ['content-type', 'text/html'],
    ['expires', 'new'],
  ])
})

test('a validation adds to Vary and takes nothing from it: the stored body stays the variant that it is', () => {
  const freshen = (stored: string, update?: string) =>
    freshenFields([['vary', stored]], update === undefined ? [] : [['vary', update]])
  expect(freshen('Accept-Encoding')).toEqual([['vary', 'Accept-Encoding']])
  expect(freshen('Accept-Encoding', 'Origin')).toEqual([['vary', 'Accept-Encoding, Origin']])
  expect(freshen('Origin', 'Accept-Encoding, origin')).toEqual([['vary', 'Accept-Encoding, origin']])
})
