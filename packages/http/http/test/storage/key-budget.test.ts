import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeyBudget } from '../../src/storage/key-budget'
import { createPasses } from '../../src/storage/passes'

describe('the budget of keys', () => {
  test('admits as many per route, and as many variants of a resource, as it says', () => {
    const budget = createKeyBudget({ maxKeys: 3, maxVariants: 2 })
    const spend = (primary: string, key: string) => budget.spend('/', primary, key, 100, 0)
    expect([spend('a', 'a1'), spend('a', 'a2'), spend('a', 'a3')]).toEqual([true, true, false])
    expect([spend('b', 'b1'), spend('c', 'c1')]).toEqual([true, false])
    expect(budget.spend('/other', 'd', 'd1', 100, 0)).toBe(true)
  })

  test('counts a key once, however often it is stored', () => {
    const budget = createKeyBudget({ maxKeys: 1, maxVariants: 1 })
    for (const now of [0, 1, 2]) expect(budget.spend('/', 'a', 'a1', 100, now)).toBe(true)
  })

  test('gives back what is over', () => {
    const budget = createKeyBudget({ maxKeys: 1, maxVariants: 1 })
    expect(budget.spend('/', 'a', 'a1', 10, 0)).toBe(true)
    expect(budget.spend('/', 'b', 'b1', 20, 9)).toBe(false)
    expect(budget.spend('/', 'b', 'b1', 20, 10)).toBe(true)
  })

  test('never admits more than it says, nor loses room for good', () => {
    const stored = fc.record({ primary: fc.nat(3), variant: fc.nat(4), ttl: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 60 }), (sequence) => {
        const budget = createKeyBudget({ maxKeys: 5, maxVariants: 2 })
        const living = new Map<string, { until: number; primary: string }>()
        for (const [now, { primary, variant, ttl }] of sequence.entries()) {
          const key = `${primary}/${variant}`
          if (budget.spend('/', String(primary), key, now + ttl, now))
            living.set(key, { until: now + ttl, primary: String(primary) })
          const alive = [...living.values()].filter(({ until }) => until > now)
          expect(alive.length).toBeLessThanOrEqual(5)
          for (const own of alive)
            expect(alive.filter((other) => other.primary === own.primary).length).toBeLessThanOrEqual(2)
        }
        expect(budget.spend('/', 'late', 'late', 1_000, 999)).toBe(true)
      }),
    )
  })
})

test('a resource that is not stored is passed for ten seconds, and of those many the oldest is forgotten', () => {
  let now = 0
  const passes = createPasses(() => now)
  passes.add('a')
  now = 9_999
  expect(passes.has('a')).toBe(true)
  now = 10_000
  expect(passes.has('a')).toBe(false)
  for (let at = 0; at <= 10_000; at += 1) passes.add(String(at))
  expect([passes.has('0'), passes.has('1'), passes.has('10000')]).toEqual([false, true, true])
})
