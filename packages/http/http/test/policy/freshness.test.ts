import { describe, expect, test } from 'vitest'
import type { Fields } from '../../src/fields/fields'
import { formatHttpDate } from '../../src/fields/http-date'
import { type Assumptions, initialAge, lifetimeOf } from '../../src/policy/freshness'
import { termsOf } from '../../src/policy/terms'

const now = Date.UTC(2026, 0, 1)
const times = { requestTime: now - 2_000, responseTime: now }
const nothingAssumed: Assumptions = { scope: 'public', ttl: undefined, heuristic: 0 }
const date = (seconds: number) => formatHttpDate(now + seconds * 1_000)

function lifetime(fields: Fields, assumed: Partial<Assumptions> = {}): number {
  const head = { status: 200, fields }
  return (
    lifetimeOf(head, termsOf(head, ['larder-cache-control']), times, { ...nothingAssumed, ...assumed }) /
    1_000
  )
}

describe('a response is fresh', () => {
  test('for what it tells shared caches, or else everybody, or else until Expires', () => {
    const expires = ['expires', date(30)] as const
    expect(lifetime([['cache-control', 'max-age=10, s-maxage=20'], expires])).toBe(20)
    expect(lifetime([['cache-control', 'max-age=10'], expires])).toBe(10)
    expect(lifetime([['date', date(-5)], expires])).toBe(35)
  })

  test('for what it tells one user, where it is kept for one user', () => {
    expect(lifetime([['cache-control', 'max-age=10, s-maxage=20']], { scope: 'private' })).toBe(10)
  })

  test('for what it tells this cache alone', () => {
    expect(
      lifetime([
        ['larder-cache-control', 'max-age=5'],
        ['cache-control', 's-maxage=20'],
      ]),
    ).toBe(5)
  })

  test('not at all where Expires is no date, or before Date', () => {
    expect(lifetime([['expires', '0']], { ttl: 9_000 })).toBe(0)
    expect(lifetime([['expires', date(-1)]])).toBe(0)
  })

  test('for the ttl of its rule where it says nothing, and not where it does', () => {
    expect(lifetime([], { ttl: 9_000 })).toBe(9)
    expect(lifetime([['cache-control', 'max-age=0']], { ttl: 9_000 })).toBe(0)
  })

  test('for a share of the time that it has not changed, at most a day, where guessing is allowed', () => {
    const changed = (seconds: number): Fields => [['last-modified', date(-seconds)]]
    expect(lifetime(changed(1_000))).toBe(0)
    expect(lifetime(changed(1_000), { heuristic: 0.1 })).toBe(100)
    expect(lifetime(changed(1e8), { heuristic: 0.1 })).toBe(86_400)
    expect(lifetime(changed(-1_000), { heuristic: 0.1 })).toBe(0)
  })
})

describe('a response comes with an age', () => {
  test('of what its Date or its Age says, and the time it took', () => {
    expect(initialAge([['date', date(-7)]], times)).toBe(7_000)
    expect(initialAge([['age', '10']], times)).toBe(12_000)
    expect(
      initialAge(
        [
          ['date', date(-30)],
          ['age', '10'],
        ],
        times,
      ),
    ).toBe(30_000)
    expect(initialAge([], times)).toBe(2_000)
  })

  test('of the first of several, and of none where it is no number', () => {
    expect(initialAge([['age', '10, 500']], times)).toBe(12_000)
    expect(initialAge([['age', '-5']], times)).toBe(2_000)
  })

  test('that is never negative, though a clock is ahead', () => {
    expect(initialAge([['date', date(100)]], { requestTime: now, responseTime: now })).toBe(0)
  })
})
