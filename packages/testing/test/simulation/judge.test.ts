import { describe, expect, test } from 'vitest'
import type { History, ReadRecord, WriteRecord } from '../../src/simulation/history'
import { judge } from '../../src/simulation/judge'

const promised = { maxStaleness: 2_000, allowsStale: false }

const write: WriteRecord = {
  node: 0,
  incarnation: 0,
  item: 7,
  version: 2,
  committedAt: 90,
  means: 'tag',
  resolvedAt: 100,
  outcome: 'applied',
  token: 'token',
}

const read = (changes: Partial<ReadRecord>): ReadRecord => ({
  node: 1,
  incarnation: 0,
  item: 7,
  startedAt: 3_000,
  demand: 'bounded',
  isLast: false,
  endedAt: 3_001,
  version: 1,
  error: undefined,
  ...changes,
})

const history = (changes: Partial<ReadRecord>, writes: readonly WriteRecord[] = [write]): History => ({
  reads: [read(changes)],
  writes: [...writes],
  faults: [],
  survivors: [0, 0],
})

const queued: WriteRecord = { ...write, outcome: 'queued' }

describe('a read is held to', () => {
  test.each<[string, History]>([
    ['what its own process invalidated', history({ node: 0, startedAt: 101 }, [queued])],
    ['what was acknowledged to others before the bound', history({ startedAt: 2_101 })],
    ['everything acknowledged, if it is strong', history({ startedAt: 101, demand: 'strong' })],
    ['the write it asks for', history({ startedAt: 101, demand: { after: write } })],
    ['what waited in a process that lived on, in the end', history({ isLast: true }, [queued])],
    ['an answer', history({ endedAt: undefined })],
    ['an answer that is no error', history({ version: undefined, error: new Error('broken') })],
  ])('%s', (_, case_) => {
    expect(judge(case_, promised).violations).toHaveLength(1)
  })
})

describe('a read is not held to', () => {
  test.each<[string, History]>([
    ['what was acknowledged to others within the bound', history({ startedAt: 2_099 })],
    ['what another process still keeps in its outbox', history({}, [queued])],
    ['what a process before this one invalidated', history({ node: 0, incarnation: 1, startedAt: 101 })],
    ['what it saw', history({ version: 2 })],
    ['other items', history({ item: 8 })],
    ['anything, when its process died', history({ endedAt: undefined, incarnation: 1 })],
  ])('%s', (_, case_) => {
    expect(judge(case_, promised).violations).toEqual([])
  })

  test('more than its own invalidations, where stale values are allowed', () => {
    expect(judge(history({}), { ...promised, allowsStale: true }).violations).toEqual([])
    const own = history({ node: 0, startedAt: 101 })
    expect(judge(own, { ...promised, allowsStale: true }).violations).toHaveLength(1)
  })
})

test('how stale reads were is measured from the acknowledgement on', () => {
  expect(judge(history({ startedAt: 1_600 }), promised).maxStalenessSeen).toBe(1_500)
})
