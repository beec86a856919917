import { expect, test } from 'vitest'
import { cacheStatus, isToken } from '../../src/fields/cache-status'
import { endToEnd, fieldValue, replaced } from '../../src/fields/fields'
import { formatTags, tagNames } from '../../src/fields/tag-field'
import { targetedDirectives } from '../../src/fields/targeted'

test('lines of one field are one list', () => {
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

test('replacing takes every line of the old field', () => {
  expect(
    replaced(
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

test('what is about the connection stays behind, whatever Connection calls so', () => {
  expect(
    endToEnd([
      ['connection', 'Close, X-Hop'],
      ['x-hop', '1'],
      ['te', 'trailers'],
      ['x-end', '2'],
    ]),
  ).toEqual([['x-end', '2']])
})

test('the targeted field that comes first and says something counts', () => {
  const targets = ['larder-cache-control', 'cdn-cache-control']
  const read = (larder: string) =>
    targetedDirectives(
      [
        ['cdn-cache-control', 'max-age=9'],
        ['larder-cache-control', larder],
      ],
      targets,
    )
  expect(read('max-age=1')?.get('max-age')).toBe('1')
  for (const unread of ['', 'max-age="1"', 'max-age=1.5', '-=', 'no-store=?0'])
    expect(read(unread)?.get('max-age')).toBe('9')
})

test('tags for a CDN neither end the field nor begin another tag', () => {
  expect(tagNames(['a b', 'c,d', 'e\r\nset-cookie: x', '50%'])).toEqual([
    'a%20b',
    'c%2Cd',
    'e%0D%0Aset-cookie:%20x',
    '50%25',
  ])
  expect(formatTags('surrogate-key', ['a', 'b'])).toBe('a b')
  expect(formatTags('cache-tag', ['a', 'b'])).toBe('a,b')
})

test('tags for a CDN may be of any characters, also broken ones', () => {
  expect(tagNames(['köln', '🥖', '\ud83e'])).toEqual(['k%C3%B6ln', '%F0%9F%A5%96', '%EF%BF%BD'])
})

test('Cache-Status says what became of a request, in whole seconds', () => {
  expect(cacheStatus('larder', { forward: undefined, ttl: 1_999 })).toEqual([
    ['cache-status', 'larder; hit; ttl=1'],
  ])
  expect(cacheStatus('larder', { forward: 'miss', isStored: true, isCollapsed: true })).toEqual([
    ['cache-status', 'larder; fwd=miss; stored; collapsed'],
  ])
  expect(cacheStatus(false, { forward: undefined })).toEqual([])
})

test.each([
  ['larder', true],
  ['my.cache/1', true],
  ['two words', false],
  ['a;b', false],
  ['', false],
])('%j is a name for Cache-Status: %s', (name, answer) => {
  expect(isToken(name)).toBe(answer)
})
