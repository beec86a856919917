import { describe, expect, it } from 'vitest'
import { median, percentile } from '../src/median'
import { bestPeer, greatestOf, type Results, ratioOf } from '../src/results'

const results: Results = new Map([
  ['larder', [{ rate: 8 }, { rate: 80 }, { rate: 9 }]],
  ['limit-lru', [{ rate: 10 }, { rate: 100 }, { rate: 10 }]],
  ['ocache', [{ rate: 2 }, { rate: 2 }, { rate: 2 }]],
  ['cachified', [{ rate: 4 }, { rate: 3 }, { rate: 4 }]],
])

describe('results', () => {
  it('are summarized by median and percentile', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
    expect(percentile([1, 2, 3, 4], 0.99)).toBe(4)
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2)
  })

  it('are compared per round', () => {
    expect(ratioOf(results, ['larder', 'rate'], ['limit-lru'])).toBe(0.8)
    expect(ratioOf(results, ['larder', 'rate'], ['absent'])).toBeNaN()
  })

  it('name the best peer, for higher and for lower values', () => {
    expect(bestPeer(results, 'rate', 'more')).toBe('cachified')
    expect(bestPeer(results, 'rate', 'less')).toBe('ocache')
    expect(bestPeer(results, 'other', 'less')).toBeUndefined()
  })

  it('give the greatest value over all rounds', () => {
    expect(greatestOf(results, 'larder', 'rate')).toBe(80)
    expect(greatestOf(results, 'absent', 'rate')).toBeNaN()
  })
})
