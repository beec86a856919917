import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compactEntry, withExpiry } from '../../src/entry/compact-entry'
import type { LocalEntry } from '../../src/entry/entry'
import { longAgo, type Moment } from '../../src/entry/moment'

const later = fc.oneof(fc.integer({ min: 0, max: 2 ** 33 }), fc.constant(Number.POSITIVE_INFINITY))

const entry = fc
  .record({
    createdAt: fc.integer({ min: 0, max: 2 ** 43 }),
    life: later,
    staleFor: fc.nat(100_000),
    errorFor: fc.nat(100_000),
    rest: fc.double({ min: 0, max: 1, noNaN: true }),
    asOf: fc.nat(),
    term: fc.nat(3),
    sequence: fc.nat(),
    clockOffset: fc.nat(),
    startedAt: fc.record({ wall: fc.nat(), monotonic: fc.nat() }),
    kind: fc.constantFrom('value' as const, 'error' as const),
    tags: fc.array(fc.string()),
  })
  .map(({ createdAt, life, staleFor, errorFor, rest, ...given }) => {
    const freshUntil = createdAt + life
    return {
      ...given,
      key: 'k',
      value: { n: 1 },
      copy: (value: unknown) => value,
      createdAt,
      freshUntil,
      staleUntil: freshUntil + staleFor,
      errorUntil: freshUntil + errorFor,
      refreshAt: life === Number.POSITIVE_INFINITY ? life : createdAt + Math.floor(life * rest),
      computeTime: 12.345,
    }
  })

/** The properties of an entry that `like` has. */
function pickLike<T extends object>(held: T, like: object): Partial<T> {
  return Object.fromEntries(Object.keys(like).map((name) => [name, held[name as keyof T]])) as Partial<T>
}

/** An entry that started at this moment. */
function entryStartedAt(startedAt: Moment): LocalEntry {
  const given = { key: 'k', kind: 'value' as const, tags: [], asOf: 0, term: 0, computeTime: 0 }
  const times = { createdAt: 0, freshUntil: 1, staleUntil: 1, errorUntil: 1 }
  return compactEntry(
    { ...given, ...times },
    { value: 1, copy: (value) => value, sequence: 0, refreshAt: 1, startedAt, clockOffset: 0 },
  )
}

describe('a compact entry', () => {
  test('has the properties it was created with, except for a start that may be slightly earlier and clocks that differ by up to 1 ms', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
        for (const { startedAt, clockOffset, ...given } of entries) {
          const held = compactEntry(given, { ...given, startedAt, clockOffset })
          expect(Math.abs(held.clockOffset - clockOffset)).toBeLessThanOrEqual(1)
          expect(pickLike(held, given)).toEqual(given)
          expect(startedAt.monotonic - held.startedAt.monotonic).toBeLessThan(1)
          expect(held.startedAt.monotonic).toBeLessThanOrEqual(startedAt.monotonic)
          expect(held.checkedAt).toBe(-1)
        }
      }),
    )
  })

  test('does not expire before it was created', () => {
    const times = { createdAt: 1_000, freshUntil: 900, staleUntil: 900, errorUntil: 900, computeTime: 0 }
    const held = compactEntry(
      { key: 'k', kind: 'value', tags: [], asOf: 0, term: 0, ...times },
      {
        value: 1,
        copy: (value) => value,
        sequence: 0,
        startedAt: { wall: 0, monotonic: 0 },
        clockOffset: 0,
        refreshAt: 800,
      },
    )
    expect([held.freshUntil, held.refreshAt]).toEqual([1_000, 1_000])
  })

  test('keeps the end of its windows even if it expired before it was created', () => {
    const times = { createdAt: 30_000, freshUntil: 1_000, staleUntil: 11_000, errorUntil: 41_000 }
    const held = compactEntry(
      { key: 'k', kind: 'value', tags: [], asOf: 0, term: 0, computeTime: 0, ...times },
      {
        value: 1,
        copy: (value) => value,
        sequence: 0,
        startedAt: { wall: 0, monotonic: 0 },
        clockOffset: 0,
        refreshAt: 0,
      },
    )
    expect([held.freshUntil, held.staleUntil, held.errorUntil]).toEqual([30_000, 11_000, 41_000])
  })

  test('keeps an exact start if one of the clocks was set back or stood still', () => {
    const at = (wall: number, monotonic: number) => entryStartedAt({ wall, monotonic }).startedAt
    at(1_000, 1_000)
    expect(at(500, 1_000.5)).toEqual({ wall: 500, monotonic: 1_000.5 })
    at(1_000, 1_000)
    expect(at(1_000.5, 200)).toEqual({ wall: 1_000.5, monotonic: 200 })
  })

  test('has a start that is at most 2 ms too early, and never too late', () => {
    const step = fc.record({
      wall: fc.double({ min: 0, max: 1e6, noNaN: true }),
      drift: fc.double({ min: -2, max: 2, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let moment = { wall: 1_750_000_000_000, monotonic: 5_000 }
        for (const { wall, drift } of steps) {
          moment = { wall: moment.wall + wall, monotonic: moment.monotonic + Math.max(0, wall + drift) }
          const { startedAt } = entryStartedAt(moment)
          for (const clock of ['wall', 'monotonic'] as const) {
            expect(startedAt[clock]).toBeLessThanOrEqual(moment[clock])
            expect(moment[clock] - startedAt[clock]).toBeLessThan(2)
          }
        }
      }),
    )
  })

  test('of another process has a start of longAgo', () => {
    expect(entryStartedAt(longAgo).startedAt).toBe(longAgo)
  })

  test('can be copied with other expiry times', () => {
    fc.assert(
      fc.property(entry, fc.nat(10_000), (given, more) => {
        const held = compactEntry(given, given)
        const end = given.createdAt + more
        const ends = { freshUntil: end, staleUntil: end + 5, errorUntil: end + 7, refreshAt: end }
        const renewed = withExpiry(held, { ...ends, clockOffset: given.clockOffset })
        expect(pickLike(renewed, ends)).toEqual(ends)
        expect(renewed).toMatchObject({
          key: 'k',
          asOf: given.asOf,
          term: given.term,
          createdAt: given.createdAt,
        })
      }),
    )
  })
})
