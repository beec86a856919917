import { expect, test } from 'vitest'
import { createExpiringSet } from '../src/index'

test('an expiring set drops a key after its duration, and the oldest key beyond its capacity', () => {
  let time = 0
  const keys = createExpiringSet({ monotonic: () => time }, 10_000)
  keys.add('a', 10_000)
  time = 9_999
  expect(keys.has('a')).toBe(true)
  time = 10_000
  expect(keys.has('a')).toBe(false)
  for (let index = 0; index <= 10_000; index += 1) keys.add(String(index), 10_000)
  expect([keys.has('0'), keys.has('1'), keys.has('10000')]).toEqual([false, true, true])
})
