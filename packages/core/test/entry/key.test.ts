import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalKey } from '../../src/entry/canonical-key'
import { checkKey, joinNamespace, qualifyKey, toStoredKey } from '../../src/entry/key'

describe('the canonical key', () => {
  test.each([
    [['a,b'], ['a', 'b']],
    [[1], ['1']],
    [[1], [1n]],
    [[null], [undefined, null]],
    [[{ a: 1 }], [{ a: '1' }]],
    [[[1, [2]]], [[[1], 2]]],
    [["a','b"], ['a', 'b']],
    [[new Date(0)], [0]],
    [[new Set([1])], [[1]]],
    [[new Uint8Array([1])], [new Int8Array([1])]],
    [[{}], [[]]],
    [[true], ['true']],
    [['%27'], ["'"]],
  ])('of %o and %o differs', (a, b) => {
    expect(canonicalKey(a)).not.toBe(canonicalKey(b))
  })

  test.each([
    [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    [[1, undefined], [1]],
    [[{ a: undefined }], [{}]],
    [[-0], [0]],
    [[new Set([1, 2])], [new Set([2, 1])]],
    [
      [
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ],
      [
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ],
    ],
    [[Number.NaN], [Number.NaN]],
  ])('of %o and %o is equal', (a, b) => {
    expect(canonicalKey(a)).toBe(canonicalKey(b))
  })

  test('differs exactly if the arguments differ', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.bigInt()),
      any: fc.oneof(
        { maxDepth: 3 },
        tie('leaf'),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
      ),
    })).any
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), fc.array(value, { maxLength: 3 }), (a, b) => {
        const show = (args: unknown[]) =>
          JSON.stringify(args, (_, item) => (typeof item === 'bigint' ? `${item}n!` : sortKeys(item)))
        expect(canonicalKey(a) === canonicalKey(b)).toBe(show(a) === show(b))
        expect(canonicalKey(structuredClone(a))).toBe(canonicalKey(a))
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    [[() => 1], /Argument 1: a function/],
    [[1, Symbol('s')], /Argument 2: a symbol/],
    [[{ a: { b: new (class Account {})() } }], /at \.a\.b: an instance of Account/],
    [[[1, () => 1]], /at \[1\]: a function/],
    [[new AbortController().signal], /an AbortSignal.*leaves it out/],
    [[new (class Bytes extends Uint8Array {})(1)], /Argument 1: an instance of Bytes/],
    [[Object.assign(new Uint8Array(1), { tenant: 7 })], /an instance of Uint8Array with further properties/],
  ])('of %o is rejected with the path of the unsupported part', (args, message) => {
    expect(() => canonicalKey(args)).toThrow(message)
    expect(() => canonicalKey(args)).toThrow(expect.objectContaining({ code: 'BAD_KEY' }))
  })

  test('of cyclic arguments is rejected', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    expect(() => canonicalKey([cyclic])).toThrow(/contains itself/)
  })
})

function sortKeys(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
  return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('a key', () => {
  test.each([42, null, undefined, { id: 1 }])('that is %o is rejected', (key) => {
    expect(() => checkKey(key)).toThrow(/A key is a string/)
  })

  test('is stored as it is, unless it is long or has no UTF-8 form', () => {
    expect(toStoredKey('x'.repeat(512))).toBe('x'.repeat(512))
    expect(toStoredKey('x'.repeat(513))).toMatch(/^x{64}… sha256:[0-9a-f]{64}$/)
    expect(toStoredKey('half \ud800 a pair')).toMatch(/^half \? a pair… sha256:/)
    expect(() => checkKey('')).not.toThrow()
    expect(() => checkKey('whole 😀 pair')).not.toThrow()
  })
})

describe('the name of a namespace', () => {
  test('is stored as it is, unless it is long', () => {
    expect(joinNamespace('', 'x'.repeat(128))).toBe(`@${'x'.repeat(128)}/`)
    expect(joinNamespace('', 'x'.repeat(129))).toMatch(/^@x{64}… sha256:[0-9a-f]{64}\/$/)
  })

  test('is rejected where namespaces are nested without end', () => {
    const nest = (path: string, depth: number): string =>
      depth === 0 ? path : nest(joinNamespace(path, 'tenant of a tenant'), depth - 1)
    expect(nest('', 50).length).toBe(1_000)
    expect(() => nest('', 52)).toThrow(/nested too deep/)
  })
})

test('no two pairs of namespace and key have the same qualified key', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', '@', '/', '%', '2'), minLength: 1, maxLength: 4 })
  const location = fc.tuple(
    fc.array(segment, { maxLength: 3 }),
    fc.string({ unit: fc.constantFrom('a', '@', '/', '%', '2'), maxLength: 6 }),
  )
  const nameOf = ([path, key]: [string[], string]) => qualifyKey(path.reduce(joinNamespace, ''), key)
  fc.assert(
    fc.property(location, location, (a, b) => {
      expect(nameOf(a) === nameOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
    { numRuns: 2_000 },
  )
})
