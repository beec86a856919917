import { expect, test, vi } from 'vitest'
import { memoizeKeys } from '../../src/entry/key-memo'

const formatter = () => vi.fn((argument: string | number) => `${typeof argument}(${argument})`)

test('the key of an argument in use is formatted once', () => {
  const format = formatter()
  const keyOf = memoizeKeys(format)
  expect([keyOf('a'), keyOf('a'), keyOf(1), keyOf('1')]).toEqual([
    'string(a)',
    'string(a)',
    'number(1)',
    'string(1)',
  ])
  expect(format).toHaveBeenCalledTimes(3)
})

test('the key of an argument in use stays memoized while others come and go', () => {
  const format = formatter()
  const keyOf = memoizeKeys(format)
  for (let at = 0; at < 10_000; at += 1) {
    keyOf('used')
    keyOf(at)
  }
  expect(format.mock.calls.filter(([argument]) => argument === 'used')).toHaveLength(1)
})

test('long arguments are not memoized', () => {
  const format = formatter()
  const keyOf = memoizeKeys(format)
  const long = 'x'.repeat(100)
  expect(keyOf(long)).toBe(keyOf(long))
  expect(format).toHaveBeenCalledTimes(2)
})
