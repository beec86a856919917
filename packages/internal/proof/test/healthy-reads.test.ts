import type { ReadRecord } from '@larder/testing'
import { expect, test } from 'vitest'
import { longestHealthyRead } from '../src/torture/healthy-reads'

/** A read of 500 ms. */
const read: ReadRecord = {
  node: 0,
  incarnation: 0,
  item: 0,
  startedAt: 10_000,
  demand: 'bounded',
  isLast: false,
  endedAt: 10_500,
  version: 1,
  error: undefined,
}

const quiet = { outages: [], stalls: [[], []], databaseStalls: [] }

test('a read counts as long as it took', () => {
  expect(longestHealthyRead([read, { ...read, endedAt: 10_400 }], quiet)).toBe(500)
})

test('time in which the event loop of its process or of the database did not run does not count, and only once', () => {
  const stalls = [[{ from: 10_100, to: 10_300 }], [{ from: 10_000, to: 10_500 }]]
  const databaseStalls = [{ from: 10_200, to: 10_350 }]
  expect(longestHealthyRead([read], { ...quiet, stalls, databaseStalls })).toBe(250)
})

test('a read during a fault of the servers, or in the second after it, does not count', () => {
  expect(longestHealthyRead([read], { ...quiet, outages: [{ from: 9_000, to: 9_100 }] })).toBe(0)
  expect(longestHealthyRead([read], { ...quiet, outages: [{ from: 8_000, to: 8_900 }] })).toBe(500)
  expect(longestHealthyRead([read], { ...quiet, outages: [{ from: 10_400, to: 12_000 }] })).toBe(0)
})
