import { expect, test, vi } from 'vitest'
import { memoizeKeys } from '../../src/entry/key-memo'

const written = () => vi.fn((argument: string | number) => `${typeof argument}(${argument})`)

test('the key of an argument in use is written once', () => {
  const write = written()
  const keyOf = memoizeKeys(write)
  expect([keyOf('a'), keyOf('a'), keyOf(1), keyOf('1')]).toEqual([
    'string(a)',
    'string(a)',
    'number(1)',
    'string(1)',
  ])
  expect(write).toHaveBeenCalledTimes(3)
})

test('what is used goes on being remembered while others come and go', () => {
  const write = written()
  const keyOf = memoizeKeys(write)
  for (let at = 0; at < 10_000; at += 1) {
    keyOf('used')
    keyOf(at)
  }
  expect(write.mock.calls.filter(([argument]) => argument === 'used')).toHaveLength(1)
})

test('long arguments take no room', () => {
  const write = written()
  const keyOf = memoizeKeys(write)
  const long = 'x'.repeat(100)
  expect(keyOf(long)).toBe(keyOf(long))
  expect(write).toHaveBeenCalledTimes(2)
})
