import { describe, expect, test } from 'vitest'
import { checkHistory } from '../../src/simulation/check-history'
import type { History, ReadRecord, WriteRecord } from '../../src/simulation/history'

const guarantee = { maxStaleness: 2_000, allowsStale: false }

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
  softWrites: [],
  computations: [],
  faults: [],
  survivors: [0, 0],
  closes: [],
  splits: [],
})

const queued: WriteRecord = { ...write, outcome: 'queued' }

describe('checkHistory reports a read that', () => {
  test.each<[string, History]>([
    ['misses an invalidation of its own process', history({ node: 0, startedAt: 101 }, [queued])],
    [
      'misses an invalidation acknowledged to another process longer ago than the bound',
      history({ startedAt: 2_101 }),
    ],
    ['is strong and misses an acknowledged invalidation', history({ startedAt: 101, demand: 'strong' })],
    ['misses the write given as `after`', history({ startedAt: 101, demand: { after: write } })],
    ['misses, at the end, a queued invalidation of a surviving process', history({ isLast: true }, [queued])],
    [
      'misses a queued invalidation of a process that has closed its cache longer ago than the bound',
      { ...history({ startedAt: 2_201 }, [queued]), closes: [{ node: 0, incarnation: 0, time: 200 }] },
    ],
    ['never ends', history({ endedAt: undefined })],
    ['fails', history({ version: undefined, error: new Error('broken') })],
  ])('%s', (_, sample) => {
    expect(checkHistory(sample, guarantee).violations).toHaveLength(1)
  })
})

describe('checkHistory accepts a read that', () => {
  test.each<[string, History]>([
    [
      'misses an invalidation acknowledged to another process within the bound',
      history({ startedAt: 2_099 }),
    ],
    ['misses an invalidation queued in another process', history({}, [queued])],
    [
      'misses an invalidation of an earlier incarnation of its process, within the bound',
      history({ node: 0, incarnation: 1, startedAt: 101 }),
    ],
    ['returns the latest version', history({ version: 2 })],
    ['reads another item', history({ item: 8 })],
    ['was pending when its process was killed', history({ endedAt: undefined, incarnation: 1 })],
  ])('%s', (_, sample) => {
    expect(checkHistory(sample, guarantee).violations).toEqual([])
  })

  test('misses invalidations of other processes, if stale values are allowed', () => {
    expect(checkHistory(history({}), { ...guarantee, allowsStale: true }).violations).toEqual([])
    const ownRead = history({ node: 0, startedAt: 101 })
    expect(checkHistory(ownRead, { ...guarantee, allowsStale: true }).violations).toHaveLength(1)
  })
})

test('maxStalenessSeen is measured from the acknowledgement of the invalidation', () => {
  expect(checkHistory(history({ startedAt: 1_600 }), guarantee).maxStalenessSeen).toBe(1_500)
})

test('a read of an item whose source lags may miss what was written within the lag', () => {
  const lagging = { ...guarantee, lags: new Map([[7, 500]]) }
  expect(checkHistory(history({ startedAt: 2_599 }), lagging).violations).toEqual([])
  expect(checkHistory(history({ startedAt: 2_601 }), lagging).violations).toHaveLength(1)
})

test('a read must not return a value long after the end of its ttl', () => {
  const expiring = { ...guarantee, ttls: new Map([[7, 500]]) }
  const readAt = (startedAt: number): History => ({
    ...history({ startedAt, endedAt: startedAt }, []),
    computations: [{ item: 7, version: 1, endedAt: 1_000 }],
  })
  expect(checkHistory(readAt(2_500), expiring).violations).toEqual([])
  expect(checkHistory(readAt(2_501), expiring).violations).toHaveLength(1)
})
