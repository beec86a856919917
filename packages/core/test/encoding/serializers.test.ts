import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { json, msgpack, v8 } from '../../src/encoding'

const withOwnProto = () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"a":2}') as unknown
const serializers = { msgpack: msgpack(), json: json(), v8: v8() }

const values: Record<string, () => unknown> = {
  'a Date': () => new Date(1_700_000_000_123),
  'an invalid Date': () => new Date(Number.NaN),
  'a Map with objects in it': () =>
    new Map<unknown, unknown>([
      [1, { a: new Set([1]) }],
      ['1', []],
    ]),
  'an empty Map': () => new Map(),
  'a Set': () => new Set([1, 'a', { b: 1 }]),
  'BigInts of any size': () => [10n, -1n, 2n ** 80n, -(2n ** 70n)],
  'a Buffer': () => Buffer.from('abc'),
  'typed arrays': () => [
    new Uint8Array([1, 2]),
    new Float64Array([1.5]),
    new BigInt64Array([5n]),
    new Int16Array([-1]),
  ],
  'an ArrayBuffer': () => new Uint8Array([7, 8]).buffer,
  undefined: () => undefined,
  'undefined inside': () => ({ a: undefined, b: [undefined, null] }),
  'NaN and the infinities': () => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  'negative zero': () => [-0, 0],
  'a RegExp': () => /a+(b)/giu,
  'an own __proto__': withOwnProto,
  'an object that looks like a replacement': () => ({ $larder: 'Date', v: '0', nested: { $larder: 1 } }),
  'very many fields': () => Object.fromEntries(Array.from({ length: 70_000 }, (_, at) => [`f${at}`, at])),
  'falsy values': () => [0, '', false, null],
  'deep nesting': () => Array.from({ length: 200 }).reduce((inner) => ({ inner }), new Map([['end', 1n]])),
}

describe.each(Object.entries(serializers))('%s', (name, serializer) => {
  const roundTrip = (value: unknown) => serializer.deserialize(serializer.serialize(value))

  test.each(Object.entries(values))('preserves %s', (_, create) => {
    expect(roundTrip(create())).toStrictEqual(create())
  })

  test('does not pollute prototypes', () => {
    const back = roundTrip(withOwnProto()) as object
    expect(Object.hasOwn(back, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('preserves class, message, stack and cause of errors', () => {
    const error = new TypeError('wrong', { cause: new Error('why') })
    const back = roundTrip(error) as TypeError
    expect(back).toBeInstanceOf(TypeError)
    expect(back).toMatchObject({ message: 'wrong', stack: error.stack })
    expect(back.cause).toMatchObject({ message: 'why' })
  })

  test(name === 'v8' ? 'loses own properties of errors' : 'preserves own properties of errors', () => {
    const back = roundTrip(Object.assign(new Error('no'), { code: 'E_NO', at: new Date(0) }))
    const { code, at } = back as { code?: string; at?: Date }
    expect({ code, at }).toEqual(name === 'v8' ? {} : { code: 'E_NO', at: new Date(0) })
  })

  test.each([() => 1, Symbol('s'), { inside: { f: () => 1 } }])('rejects %s', (value) => {
    expect(() => serializer.serialize(value)).toThrow(
      expect.objectContaining({ code: 'UNSERIALIZABLE_VALUE' }),
    )
  })

  test('preserves arbitrary data', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: false,
          withNullPrototype: false,
        }),
        (value) => {
          expect(roundTrip(value)).toEqual(value)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('json and msgpack reject cycles; v8 preserves them', () => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  for (const serializer of [json(), msgpack()])
    expect(() => serializer.serialize(cyclic)).toThrow(/contains itself/)
  const back = v8().deserialize(v8().serialize(cyclic)) as { self?: unknown }
  expect(back.self).toBe(back)
})

test('plain data is plain JSON', () => {
  expect(new TextDecoder().decode(json().serialize({ a: [1, 'x'] }))).toBe('{"a":[1,"x"]}')
})

test('plain data is plain MessagePack', () => {
  expect(Buffer.from(msgpack().serialize({ a: [1, 'x'] })).toString('hex')).toBe('81a1619201a178')
})

test.each([json(), msgpack()])('a hole in an array comes back from $name as undefined', (serializer) => {
  const holed: number[] = []
  holed[1] = 1
  expect(serializer.deserialize(serializer.serialize(holed))).toStrictEqual([undefined, 1])
})
