import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHeader, encodeHeader } from '../../src/encoding/envelope'
import type { Entry } from '../../src/entry/entry'
import { hashOfKey } from '../../src/entry/key'
import { fingerprintBytes } from '../../src/index'

type Header = Omit<Entry, 'value'>

const format = { serializer: 1, compressor: 0, sealer: 0, size: 3 }
const payload = new Uint8Array([1, 2, 3])
const now = 1_795_218_366_894

const base: Header = {
  key: 'k',
  kind: 'value',
  tags: [],
  asOf: now * 1_000,
  term: 281_474_976_710_655,
  createdAt: now,
  freshUntil: now + 60_000,
  staleUntil: now + 60_000,
  errorUntil: now + 60_000,
  computeTime: 0,
}

const headOf = (changes: Partial<Header>) => encodeHeader({ ...base, ...changes }, format)
const bytesOf = (changes: Partial<Header>) => Uint8Array.from([...headOf(changes), ...payload])

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    'jobs',
    'jobs:42',
    'jobs:42:steps',
    '\uFEFFjobs',
    'jobs😀',
    'jobs😁',
    '\u0001@users/',
    'ü'.repeat(300),
  ),
)
const tags = fc.uniqueArray(text.filter((tag) => tag !== ''))
const position = fc.oneof(fc.nat(1_000_000), fc.nat(Number.MAX_SAFE_INTEGER))
const time = fc.oneof(fc.integer({ min: now - 1_000_000, max: now + 1_000_000 }), fc.nat(2 ** 45))
const span = fc.oneof(
  fc.nat(100_000),
  fc.nat(100_000).map((seconds) => seconds * 1_000),
  fc.constant(0),
)

const headers: fc.Arbitrary<Header> = fc
  .record({
    key: text,
    kind: fc.constantFrom('value', 'error'),
    tags,
    asOf: position,
    term: fc.nat(2 ** 48 - 1),
    createdAt: time,
    life: fc.oneof(span, fc.constant(Number.POSITIVE_INFINITY)),
    staleFor: span,
    errorFor: span,
    computeTime: fc.nat(),
  })
  .map(({ life, staleFor, errorFor, ...rest }) => {
    const freshUntil = rest.createdAt + life
    return { ...rest, freshUntil, staleUntil: freshUntil + staleFor, errorUntil: freshUntil + errorFor }
  })

describe('a header', () => {
  test('is preserved by encoding and decoding, and the payload follows it', () => {
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = bytesOf(header)
        const back = decodeHeader(bytes, header.key)
        expect(back).toMatchObject({ ...header, format })
        expect(back).toHaveProperty('payloadAt', bytes.length - payload.length)
      }),
      { numRuns: 500 },
    )
  })

  test('contains the payload format only if it is not the default', () => {
    const other = { serializer: 2, compressor: 3, sealer: 4, size: 1_000_000 }
    expect(decodeHeader(encodeHeader(base, other), base.key)).toMatchObject({ format: other })
    expect(decodeHeader(bytesOf({}), base.key)).toMatchObject({ format })
  })

  test('stores whole seconds and times near its position in fewer bytes', () => {
    const hour = { freshUntil: now + 3_600_000, staleUntil: now + 3_600_000, errorUntil: now + 3_600_000 }
    const odd = { freshUntil: now + 3_600_001, staleUntil: now + 3_600_001, errorUntil: now + 3_600_001 }
    expect(headOf(odd).length - headOf(hour).length).toBe(2)
    expect(headOf({ asOf: 1 }).length - headOf({}).length).toBe(5)
  })

  test('stores the ancestors of a tag in two bytes each', () => {
    const chain = ['tenant:7:jobs:42', 'tenant:7:jobs', 'tenant:7', 'tenant']
    const [longest = ''] = chain
    expect(headOf({ tags: chain }).length - headOf({ tags: [longest] }).length).toBe(6)
  })

  test('never expires if its duration exceeds the format', () => {
    const late = { freshUntil: 1e300, staleUntil: 1e300, errorUntil: 1e300 }
    expect(decodeHeader(bytesOf(late), base.key)).toMatchObject({ freshUntil: Number.POSITIVE_INFINITY })
  })
})

describe('a fingerprint', () => {
  const fingerprintOf = (changes: Partial<Header>) =>
    Buffer.from(bytesOf(changes).subarray(0, fingerprintBytes)).toString('hex')
  const stamp = fc.record({ asOf: position, createdAt: time, kind: fc.constantFrom('value', 'error') })

  test('differs between computations at different positions or times, and between a value and an error', () => {
    fc.assert(
      fc.property(stamp, stamp, (one, other) => {
        fc.pre(one.asOf !== other.asOf || one.createdAt !== other.createdAt || one.kind !== other.kind)
        expect(fingerprintOf(one)).not.toBe(fingerprintOf(other))
      }),
    )
    for (let later = 1; later < 1_000; later += 1)
      expect(fingerprintOf({ createdAt: now + later })).not.toBe(fingerprintOf({}))
  })
})

describe('bytes of another key', () => {
  test('are rejected', () => {
    expect(decodeHeader(bytesOf({ key: 'user:42' }), 'user:43')).toBe('wrong-key')
    expect(decodeHeader(bytesOf({ key: 'ab' }), 'ba')).toBe('wrong-key')
    expect(decodeHeader(bytesOf({ key: '' }), '\u0000')).toBe('wrong-key')
  })

  test('have another hash, even for similar keys', () => {
    const keys = Array.from({ length: 50_000 }, (_, at) => [`user:${at}`, `${at}:user`, String(at)]).flat()
    expect(new Set(keys.map(hashOfKey)).size).toBe(keys.length)
  })

  test('differ in all 53 bits of the hash', () => {
    const keys = Array.from({ length: 5_000 }, (_, at) => `user:${at}`)
    for (let bit = 0; bit < 53; bit += 1) {
      const ones = keys.filter((key) => Math.floor(hashOfKey(key) / 2 ** bit) % 2 === 1).length
      expect(Math.abs(ones / keys.length - 0.5)).toBeLessThan(0.05)
    }
  })
})

describe('forged bytes', () => {
  /** A header with these bytes in place of its tags. */
  const withTags = (...forged: number[]) => Uint8Array.from([...headOf({}).slice(0, -1), ...forged])
  const ascii = (word: string) => [...Buffer.from(word)]

  test('that declare too many tags are rejected before one is read', () => {
    expect(() => decodeHeader(withTags(255, 255, 255, 255, 255, 255, 15), base.key)).toThrow(/at most 16384/)
  })

  test('cannot create tags much longer than the input', () => {
    expect(decodeHeader(withTags(1, 3, 2, ...ascii('a')), base.key)).toMatchObject({ tags: ['a'] })
    expect(decodeHeader(withTags(2, 4, ...ascii('ab'), 3, 9, ...ascii('c')), base.key)).toMatchObject({
      tags: ['ab', 'abc'],
    })
    expect(() => decodeHeader(withTags(1, 200, 1, ...ascii('ab')), base.key)).toThrow(RangeError)
  })

  test('that are not UTF-8 are rejected as tags', () => {
    expect(() => decodeHeader(withTags(1, 2, 0xff), base.key)).toThrow(TypeError)
  })

  test('are rejected with a RangeError or TypeError, or decoded', () => {
    const chain = { ...base, tags: ['jobs:42', 'jobs', 'ü'], staleUntil: now + 90_000 }
    const valid = bytesOf(chain)
    const damage = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    const behind = fc.uint8Array({ maxLength: 60 }).map((rest) => [...valid.subarray(0, 9), ...rest])
    const damaged = damage.map((changes) => {
      const bytes = [...valid]
      for (const [at, byte] of changes) bytes[at] = byte
      return bytes
    })
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          behind,
          fc.uint8Array({ maxLength: 60 }).map((bytes) => [...bytes]),
        ),
        (bytes) => {
          try {
            const header = decodeHeader(Uint8Array.from(bytes), chain.key)
            if (typeof header !== 'string') expect(header.payloadAt).toBeLessThanOrEqual(bytes.length)
          } catch (error) {
            expect(error instanceof RangeError || error instanceof TypeError).toBe(true)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
