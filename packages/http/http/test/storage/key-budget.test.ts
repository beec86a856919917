import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeyBudget } from '../../src/storage/key-budget'

describe('the budget of keys', () => {
  test('bounds the keys of each route and the variants of each resource', () => {
    const budget = createKeyBudget({ maxKeys: 3, maxVariants: 2 })
    const acquire = (primary: string, key: string) => budget.tryAcquire('/', primary, key, 100, 0)
    expect([acquire('a', 'a1'), acquire('a', 'a2'), acquire('a', 'a3')]).toEqual([true, true, false])
    expect([acquire('b', 'b1'), acquire('c', 'c1')]).toEqual([true, false])
    expect(budget.tryAcquire('/other', 'd', 'd1', 100, 0)).toBe(true)
  })

  test('counts a key once even if it is stored repeatedly', () => {
    const budget = createKeyBudget({ maxKeys: 1, maxVariants: 1 })
    for (const now of [0, 1, 2]) expect(budget.tryAcquire('/', 'a', 'a1', 100, now)).toBe(true)
  })

  test('releases expired keys', () => {
    const budget = createKeyBudget({ maxKeys: 1, maxVariants: 1 })
    expect(budget.tryAcquire('/', 'a', 'a1', 10, 0)).toBe(true)
    expect(budget.tryAcquire('/', 'b', 'b1', 20, 9)).toBe(false)
    expect(budget.tryAcquire('/', 'b', 'b1', 20, 10)).toBe(true)
  })

  test('never exceeds its limits and never leaks a slot', () => {
    const stored = fc.record({ primary: fc.nat(3), variant: fc.nat(4), ttl: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 60 }), (sequence) => {
        const budget = createKeyBudget({ maxKeys: 5, maxVariants: 2 })
        const living = new Map<string, { expiresAt: number; primary: string }>()
        for (const [now, { primary, variant, ttl }] of sequence.entries()) {
          const key = `${primary}/${variant}`
          if (budget.tryAcquire('/', String(primary), key, now + ttl, now))
            living.set(key, { expiresAt: now + ttl, primary: String(primary) })
          const alive = [...living.values()].filter(({ expiresAt }) => expiresAt > now)
          expect(alive.length).toBeLessThanOrEqual(5)
          for (const one of alive)
            expect(alive.filter((other) => other.primary === one.primary).length).toBeLessThanOrEqual(2)
        }
        expect(budget.tryAcquire('/', 'late', 'late', 1_000, 999)).toBe(true)
      }),
    )
  })
})
