import { expect, test } from 'vitest'
import { cacheStatusField, isToken } from '../../src/fields/cache-status'
import { endToEndFields, fieldValue, replaceFields } from '../../src/fields/fields'
import { formatTags } from '../../src/fields/tag-field'
import { targetedDirectives } from '../../src/fields/targeted-directives'

test('repeated lines of a field are joined by commas', () => {
  expect(
    fieldValue(
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
      'a',
    ),
  ).toBe('1, 3')
})

test('replacing a field removes all of its old lines', () => {
  expect(
    replaceFields(
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
      [['a', '4']],
    ),
  ).toEqual([
    ['b', '2'],
    ['a', '4'],
  ])
})

test('end-to-end fields exclude hop-by-hop ones and those that Connection names', () => {
  expect(
    endToEndFields([
      ['connection', 'Close, X-Hop'],
      ['x-hop', '1'],
      ['te', 'trailers'],
      ['x-end', '2'],
    ]),
  ).toEqual([['x-end', '2']])
})

test('the first targeted field that is present and valid applies', () => {
  const targets = ['larder-cache-control', 'cdn-cache-control']
  const parseWith = (larder: string) =>
    targetedDirectives(
      [
        ['cdn-cache-control', 'max-age=9'],
        ['larder-cache-control', larder],
      ],
      targets,
    )
  expect(parseWith('max-age=1')?.get('max-age')).toBe('1')
  for (const invalid of ['', 'max-age="1"', 'max-age=1.5', '-=', 'no-store=?0'])
    expect(parseWith(invalid)?.get('max-age')).toBe('9')
})

test('tags for a CDN are separated as its field requires', () => {
  expect(formatTags('surrogate-key', ['a', 'b'])).toBe('a b')
  expect(formatTags('cache-tag', ['a', 'b'])).toBe('a,b')
})

test('Cache-Status describes how a request was handled, in whole seconds', () => {
  expect(cacheStatusField('larder', { forward: undefined, ttl: 1_999 })).toEqual([
    ['cache-status', 'larder; hit; ttl=1'],
  ])
  expect(cacheStatusField('larder', { forward: 'miss', isStored: true, isCollapsed: true })).toEqual([
    ['cache-status', 'larder; fwd=miss; stored; collapsed'],
  ])
  expect(cacheStatusField(false, { forward: undefined })).toEqual([])
})

test.each([
  ['larder', true],
  ['my.cache/1', true],
  ['two words', false],
  ['a;b', false],
  ['', false],
])('%j is a valid name for Cache-Status: %s', (name, isValid) => {
  expect(isToken(name)).toBe(isValid)
})
