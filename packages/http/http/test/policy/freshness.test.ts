import { describe, expect, test } from 'vitest'
import type { Fields } from '../../src/fields/fields'
import { formatHttpDate } from '../../src/fields/http-date'
import { type FreshnessSettings, freshnessLifetime, initialAge } from '../../src/policy/freshness'
import { parseTerms } from '../../src/policy/terms'

const now = Date.UTC(2026, 0, 1)
const times = { requestTime: now - 2_000, responseTime: now }
const noSettings: FreshnessSettings = { scope: 'public', ttl: undefined, heuristic: 0 }
const date = (seconds: number) => formatHttpDate(now + seconds * 1_000)

function lifetimeInSeconds(fields: Fields, settings: Partial<FreshnessSettings> = {}): number {
  const head = { status: 200, fields }
  return (
    freshnessLifetime(head, parseTerms(head, ['larder-cache-control']), times, {
      ...noSettings,
      ...settings,
    }) / 1_000
  )
}

describe('a response is fresh for', () => {
  test('its s-maxage, or else its max-age, or else until Expires', () => {
    const expires = ['expires', date(30)] as const
    expect(lifetimeInSeconds([['cache-control', 'max-age=10, s-maxage=20'], expires])).toBe(20)
    expect(lifetimeInSeconds([['cache-control', 'max-age=10'], expires])).toBe(10)
    expect(lifetimeInSeconds([['date', date(-5)], expires])).toBe(35)
  })

  test('its max-age rather than its s-maxage on a private route', () => {
    expect(lifetimeInSeconds([['cache-control', 'max-age=10, s-maxage=20']], { scope: 'private' })).toBe(10)
  })

  test('the max-age of a targeted field rather than that of Cache-Control', () => {
    expect(
      lifetimeInSeconds([
        ['larder-cache-control', 'max-age=5'],
        ['cache-control', 's-maxage=20'],
      ]),
    ).toBe(5)
  })

  test('no time if Expires is invalid or before Date', () => {
    expect(lifetimeInSeconds([['expires', '0']], { ttl: 9_000 })).toBe(0)
    expect(lifetimeInSeconds([['expires', date(-1)]])).toBe(0)
  })

  test('the ttl of its rule only if it states no freshness itself', () => {
    expect(lifetimeInSeconds([], { ttl: 9_000 })).toBe(9)
    expect(lifetimeInSeconds([['cache-control', 'max-age=0']], { ttl: 9_000 })).toBe(0)
  })

  test('a fraction of the time since Last-Modified, at most a day, if heuristics are on', () => {
    const changed = (seconds: number): Fields => [['last-modified', date(-seconds)]]
    expect(lifetimeInSeconds(changed(1_000))).toBe(0)
    expect(lifetimeInSeconds(changed(1_000), { heuristic: 0.1 })).toBe(100)
    expect(lifetimeInSeconds(changed(1e8), { heuristic: 0.1 })).toBe(86_400)
    expect(lifetimeInSeconds(changed(-1_000), { heuristic: 0.1 })).toBe(0)
  })
})

describe('the initial age of a response', () => {
  test('is the greater of its apparent age and its Age plus the response delay', () => {
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

  test('uses the first of several Age values and ignores an invalid one', () => {
    expect(initialAge([['age', '10, 500']], times)).toBe(12_000)
    expect(initialAge([['age', '-5']], times)).toBe(2_000)
  })

  test('is not negative if the clock of the handler is ahead', () => {
    expect(initialAge([['date', date(100)]], { requestTime: now, responseTime: now })).toBe(0)
  })
})
