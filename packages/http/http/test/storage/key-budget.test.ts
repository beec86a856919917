import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeyBudget } from '../../src/storage/key-budget'

/** A budget with the keys that are stored, as far as it knows. */
function createStore(maxKeys: number, maxVariants = 100) {
  const stored = new Set<string>()
  const ended = new Set<string>()
  const budget = createKeyBudget({
    maxKeys,
    maxVariants,
    evict: (key) => stored.delete(key),
    hasEnded: (key) => ended.has(key),
  })
  return {
    stored,
    touch: budget.touch,
    /** The response under the key has been invalidated, evicted or cleared. */
    end(key: string) {
      stored.delete(key)
      ended.add(key)
    },
    add(route: string, primaryKey: string, key: string, expiresAt = 10_000, now = 0) {
      stored.add(key)
      budget.add(route, primaryKey, key, expiresAt, now)
    },
  }
}

describe('the budget of keys', () => {
  test('replaces the least recently used response of the route', () => {
    const { add, touch, stored } = createStore(3)
    for (const key of ['a', 'b', 'c']) add('/', key, key)
    touch('/', 'a')
    add('/', 'd', 'd')
    expect([...stored]).toEqual(['a', 'c', 'd'])
    add('/other', 'e', 'e')
    expect([...stored]).toEqual(['a', 'c', 'd', 'e'])
  })

  test('keeps a page that is used while any number of invented ones are stored', () => {
    const { add, touch, stored } = createStore(50)
    add('/', 'page', 'page')
    for (let id = 0; id < 10_000; id += 1) {
      add('/', `invented ${id}`, `invented ${id}`)
      if (id % 40 === 0) touch('/', 'page')
    }
    expect(stored.has('page')).toBe(true)
    expect(stored.size).toBe(50)
  })

  test('replaces the least recently used variant of a resource, but never the first, which leads to the others', () => {
    const { add, touch, stored } = createStore(100, 3)
    add('/', 'a', 'a')
    for (const variant of ['a1', 'a2']) add('/', 'a', variant)
    touch('/', 'a1')
    add('/', 'a', 'a3')
    expect([...stored]).toEqual(['a', 'a1', 'a3'])
  })

  test('gives the place of a response that has ended to another one before it replaces any', () => {
    const { add, end, stored } = createStore(4, 3)
    for (const key of ['used once', 'a', 'b', 'c']) add('/', key, key)
    end('b')
    end('c')
    add('/', 'd', 'd', 10_000, 2_000)
    add('/', 'e', 'e', 10_000, 2_000)
    expect([...stored]).toEqual(['used once', 'a', 'd', 'e'])
    add('/', 'f', 'f', 10_000, 2_000)
    expect([...stored]).toEqual(['a', 'd', 'e', 'f'])
  })

  test('gives the place of a variant that has ended to another one of its resource', () => {
    const { add, end, stored } = createStore(100, 3)
    for (const variant of ['a', 'a1', 'a2']) add('/', 'a', variant)
    end('a2')
    add('/', 'a', 'a3', 10_000, 2_000)
    expect([...stored]).toEqual(['a', 'a1', 'a3'])
  })

  test('does not take a response that is about to be stored for one that has ended', () => {
    const { add, end, stored } = createStore(2)
    add('/', 'a', 'a', 10_000, 1_000)
    add('/', 'b', 'b', 10_000, 1_000)
    end('b')
    stored.add('b')
    add('/', 'c', 'c', 10_000, 1_000)
    expect([...stored]).toEqual(['b', 'c'])
  })

  test('counts a key once even if it is stored repeatedly, and none that has expired', () => {
    const { add, stored } = createStore(2)
    for (let repeat = 0; repeat < 5; repeat += 1) add('/', 'a', 'a', 10)
    add('/', 'b', 'b', 10)
    expect([...stored]).toEqual(['a', 'b'])
    add('/', 'c', 'c', 30, 20)
    add('/', 'd', 'd', 30, 20)
    expect([...stored]).toEqual(['a', 'b', 'c', 'd'])
  })

  test('never exceeds its limits, and never replaces what was used last', () => {
    const use = fc.record({ primary: fc.nat(3), variant: fc.nat(4), isTouch: fc.boolean() })
    fc.assert(
      fc.property(fc.array(use, { maxLength: 60 }), (uses) => {
        const { add, touch, stored } = createStore(5, 3)
        for (const { primary, variant, isTouch } of uses) {
          const key = variant === 0 ? `${primary}` : `${primary}/${variant}`
          if (isTouch) touch('/', key)
          else add('/', `${primary}`, key)
          expect(stored.size).toBeLessThanOrEqual(5)
          for (let other = 0; other < 4; other += 1)
            expect([...stored].filter((one) => one.startsWith(`${other}`)).length).toBeLessThanOrEqual(3)
          if (!isTouch) expect(stored.has(key)).toBe(true)
        }
      }),
    )
  })
})
