import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copierFor, deepCopy } from '../../src/entry/copy'

/** Mutates every mutable part of a value. */
function vandalize(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (value instanceof Map || value instanceof Set) {
    for (const part of value instanceof Map ? [...value.entries()].flat() : value) vandalize(part, seen)
    value.clear()
    return
  }
  if (value instanceof Date) value.setTime(1)
  if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer).fill(255)
  for (const key of Reflect.ownKeys(value)) {
    const part: unknown = Reflect.get(value, key)
    vandalize(part, seen)
    Reflect.deleteProperty(value, key)
  }
}

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
})

test('a copy equals its original and shares no mutable part with it', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const untouched = structuredClone(value)
      const copy = copierFor(value)(value)
      expect(copy).toEqual(value)
      vandalize(copy)
      expect(value).toEqual(untouched)
    }),
    { numRuns: 500 },
  )
})

/** Plain data as JSON has it, with dates. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.date()),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('tree'), { maxKeys: 4 }),
  ),
}))

test('plain data is copied part by part, and equals what the general copy makes of it', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const copy = copierFor(value)(value)
      expect(copy).toStrictEqual(deepCopy(value))
      vandalize(copy)
      expect(value).toStrictEqual(deepCopy(value))
    }),
    { numRuns: 500 },
  )
})

describe('values that are not plain data are copied with all that they have', () => {
  const repeated = { n: 1 }
  const nested = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`)
  class Point {
    x = 1
  }

  test.each<[name: string, value: unknown]>([
    ['a repeated reference', { a: repeated, b: [repeated] }],
    ['a hidden field', { a: Object.defineProperty({}, 'hidden', { value: {} }) }],
    ['a symbol', { a: { [Symbol.for('s')]: {} } }],
    ['an array with a further field', { a: Object.assign([1], { extra: 1 }) }],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point.
    ['an array with a hole and a further field', { a: Object.assign([1, , 2], { extra: 1 }) }],
    ['an array with a symbol', { a: Object.assign([1], { [Symbol.for('s')]: 1 }) }],
    ['a date with a field', { a: Object.assign(new Date(5), { zone: 'UTC' }) }],
    ['an object without prototype', { a: Object.create(null) }],
    ['an instance', { a: new Point() }],
    ['300 levels', { a: nested }],
  ])('%s', (_, value) => {
    expect(copierFor(value)).toBe(deepCopy)
    const copy = copierFor(value)(value)
    expect(copy).toStrictEqual(value)
    expect(inspect(copy, { showHidden: true })).toBe(inspect(value, { showHidden: true }))
  })
})

test('a getter in plain data becomes its value when the value is stored', () => {
  const value = {
    list: [1],
    get rows() {
      return [{ first: this.list[0] }]
    },
  }
  expect(Object.getOwnPropertyDescriptor(copierFor(value)(value), 'rows')?.value).toEqual([{ first: 1 }])
})

describe('deepCopy preserves', () => {
  class Account {
    constructor(public owner: { name: string }) {}
    greet() {
      return `Hello ${this.owner.name}`
    }
  }

  test('classes with the properties of their instances', () => {
    const original = new Account({ name: 'Ada' })
    const copy = deepCopy(original) as Account
    copy.owner.name = 'Eve'
    expect(copy).toBeInstanceOf(Account)
    expect([copy.greet(), original.greet()]).toEqual(['Hello Eve', 'Hello Ada'])
  })

  test('cycles and repeated references', () => {
    const shared = { n: 1 }
    const original: Record<string, unknown> = { a: shared, b: shared }
    original.self = original
    const copy = deepCopy(original) as Record<string, unknown>
    expect(copy.self).toBe(copy)
    expect(copy.a).toBe(copy.b)
    expect(copy.a).not.toBe(shared)
  })

  test('errors with stack, cause and properties', () => {
    const original = Object.assign(new RangeError('no', { cause: { n: 1 } }), { code: 'E' })
    const copy = deepCopy(original) as typeof original
    expect(copy).toBeInstanceOf(RangeError)
    expect(copy).toMatchObject({ message: 'no', code: 'E', stack: original.stack, cause: { n: 1 } })
    expect(copy.cause).not.toBe(original.cause)
  })

  test('an own __proto__ property', () => {
    const copy = deepCopy(JSON.parse('{"__proto__":{"x":1},"a":{}}')) as object
    expect(Object.hasOwn(copy, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  test('functions and promises by reference', () => {
    const original = { f: () => 1, p: Promise.resolve(1) }
    const copy = deepCopy(original) as typeof original
    expect(copy.f).toBe(original.f)
    expect(copy.p).toBe(original.p)
  })

  test('holes, but not frozenness', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point.
    expect(deepCopy([1, , 3])).toEqual([1, , 3])
    const copy = deepCopy(Object.freeze({ a: Object.freeze({ b: 1 }) })) as { a: { b: number } }
    copy.a.b = 2
    expect(copy.a.b).toBe(2)
  })
})
