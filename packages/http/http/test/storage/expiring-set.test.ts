import { expect, test } from 'vitest'
import { createExpiringSet } from '../../src/storage/expiring-set'

test('an expiring set drops a key after its duration, and the oldest key beyond its capacity', () => {
  let time = 0
  const keys = createExpiringSet({ duration: 10_000, capacity: 10_000, now: () => time })
  keys.add('a')
  time = 9_999
  expect(keys.has('a')).toBe(true)
  time = 10_000
  expect(keys.has('a')).toBe(false)
  for (let index = 0; index <= 10_000; index += 1) keys.add(String(index))
  expect([keys.has('0'), keys.has('1'), keys.has('10000')]).toEqual([false, true, true])
})
