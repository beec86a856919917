// tier: slow
import { brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { brotli, createEntryCodec, deflate, gzip, json, msgpack, v8 } from '../../src/encoding'
import { concatBytes } from '../../src/encoding/byte-writer'
import { encodeHeader } from '../../src/encoding/envelope'
import type { Entry } from '../../src/entry/entry'
import { type Compressor, noClasses } from '../../src/index'

const entry: Entry = {
  key: 'k',
  kind: 'value',
  value: undefined,
  tags: [],
  asOf: 1_795_218_366_894_123,
  term: 1,
  createdAt: 1_795_218_366_894,
  freshUntil: 1_795_218_426_894,
  staleUntil: 1_795_218_426_894,
  errorUntil: 1_795_218_426_894,
  computeTime: 1,
}

const megabyte = 1_048_576

function codecOf(options: { compressor?: Compressor; maxSize?: number } = {}) {
  const { compressor, maxSize = 64 * megabyte } = options
  return createEntryCodec({
    cacheName: 'test',
    place: '',
    serializer: undefined,
    serializers: [v8()],
    classes: noClasses,
    compression: compressor && { compressor, threshold: undefined },
    compressors: [],
    sealer: undefined,
    maxSize,
    schema: undefined,
    migrate: undefined,
  })
}

interface Forged {
  readonly serializer?: number
  readonly compressor?: number
  readonly size?: number
  readonly kind?: Entry['kind']
}

/** The result of reading an entry with this payload, as somebody who can write to the store would forge it. */
async function readForged(payload: Uint8Array, forged: Forged = {}): Promise<unknown> {
  const { serializer = 1, compressor = 0, size = payload.length, kind = 'value' } = forged
  const head = encodeHeader({ ...entry, kind }, { serializer, compressor, sealer: 0, size })
  const codec = codecOf()
  const header = codec.readHeader(concatBytes(head, payload), entry.key)
  return header.ok ? codec.decodeValue(header.header) : header
}

const garbage = { ok: false, reason: 'garbage' }
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const text = (value: string) => new TextEncoder().encode(value)
const repeat = (byte: number, count: number) => new Uint8Array(count).fill(byte)
const list = (byte: number, count: number) => concatBytes(hex('dd'), be32(count), repeat(byte, count))

function be32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

describe('MessagePack that Larder never writes is refused:', () => {
  test.each<[what: string, bytes: string]>([
    ['a reference to an object', '92 d6 69 00000001 90 d6 70 00000001'],
    ['a record', '92 d5 72 40 91 a1 61 01'],
    ['bundled strings, which point behind the end', 'c8 0004 62 00000010 01'],
    ['an error of msgpackr', 'd4 65 00 93 a1 61 a1 62 c0'],
    ['a Set of msgpackr', 'd4 73 00 91 01'],
    ['an unknown extension', 'd4 63 00'],
    ['a BigInt of thousands of bytes', `c8 2000 42 ${'ff'.repeat(0x2000)}`],
    ['the reserved token', 'c1 c1'],
    ['bytes after the value', '01 01'],
    ['a text that is longer than the bytes', 'db ffffffff 61'],
    ['a list that is longer than the bytes', 'dd ffffffff 01'],
    ['a map without values', 'df ffffffff'],
    ['nothing', ''],
  ])('%s', async (_, bytes) => {
    expect(await readForged(hex(bytes))).toEqual(garbage)
  })
})

describe('few bytes cannot become very many objects:', () => {
  test.each<[what: string, payload: () => Uint8Array, serializer: number]>([
    ['a million empty maps', () => list(0x80, 1_000_000), 1],
    ['twenty million numbers', () => list(0x01, 20_000_000), 1],
    ['a million empty lists in JSON', () => text(`[${'[],'.repeat(1_000_000)}0]`), 2],
    ['ten million numbers in JSON', () => text(`[${'1,'.repeat(10_000_000)}0]`), 2],
    ['lists in lists', () => concatBytes(repeat(0x91, 100_000), [1]), 1],
    ['lists in lists in JSON', () => text('['.repeat(100_000)), 2],
    ['lists in replaced values', () => concatBytes([0xc1], repeat(0x91, 1_000), [1]), 1],
    [
      'a BigInt of millions of digits',
      () => text(`\t{"$larder":"bigint","v":"${'9'.repeat(2_000_000)}"}`),
      2,
    ],
  ])('%s', async (_, payload, serializer) => {
    expect(await readForged(payload(), { serializer })).toEqual(garbage)
  })

  test('a compressed payload that unpacks to a hundred thousand times its size is not unpacked', async () => {
    const bytes = list(0x80, 20_000_000)
    const bomb = brotliCompressSync(bytes)
    expect(bomb.length).toBeLessThan(200)
    expect(await readForged(bomb, { compressor: 2, size: bytes.length })).toEqual({
      ok: false,
      reason: 'too-large',
    })
  })

  test('an entry of millions of tags is refused by its number of tags', () => {
    const head = encodeHeader(entry, { serializer: 1, compressor: 0, sealer: 0, size: 1 })
    const forged = concatBytes(head.subarray(0, head.length - 1), hex('8080 8020'), repeat(0, 60_000))
    expect(codecOf().readHeader(forged, entry.key)).toEqual(garbage)
  })
})

describe('an entry that claims to be an error', () => {
  test.each<[what: string, value: unknown]>([
    ['a text', 'thrown'],
    ['null', null],
    ['an object', { message: 'no' }],
  ])('and holds %s is refused', async (_, value) => {
    expect(await readForged(msgpack().serialize(value), { kind: 'error' })).toEqual(garbage)
  })

  test('and has fields of another kind is refused', async () => {
    const forged = [
      `\t{"$larder":"Error","v":[1,2,3,[]]}`,
      `\t{"$larder":"Error","v":["Error","no","",{"code":1}]}`,
      `\t{"$larder":"Error","v":["Error","no","",[[1,1]]]}`,
    ]
    for (const payload of forged)
      expect(await readForged(text(payload), { serializer: 2, kind: 'error' })).toEqual(garbage)
  })

  test('is not written if the function threw something else', () => {
    expect(() => codecOf().encode({ ...entry, kind: 'error', value: 'thrown' })).toThrow(/threw 'thrown'/)
  })
})

test('a compressor that is not configured is not used', async () => {
  expect(await readForged(hex('00'), { compressor: 64 })).toEqual({ ok: false, reason: 'unknown-codec' })
})

const nest = (depth: number) => {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

describe.each([msgpack(), json()])('everything that $name writes can be read:', (serializer) => {
  const roundTrip = (value: unknown) => serializer.deserialize(serializer.serialize(value))

  test('five hundred levels, and not one more', () => {
    expect(JSON.stringify(roundTrip(nest(500)))).toBe(JSON.stringify(nest(500)))
    expect(() => serializer.serialize(nest(501))).toThrow(/nested too deeply/)
    expect(() => serializer.serialize(nest(20_000))).toThrow(/nested too deeply/)
  })

  test('Maps in Maps, and no more than can be read', () => {
    const nestMaps = (depth: number) => {
      let value = new Map<string, unknown>()
      for (let level = 1; level < depth; level += 1) value = new Map([['inner', value]])
      return value
    }
    const depthOf = (value: unknown): number => (value instanceof Map ? 1 + depthOf(value.get('inner')) : 0)
    expect(depthOf(roundTrip(nestMaps(100)))).toBe(100)
    expect(() => serializer.serialize(nestMaps(400))).toThrow(/nested too deeply/)
  })

  test('half a million objects, and no more', () => {
    const objects = (count: number) => Array.from({ length: count }, () => ({}))
    expect((roundTrip(objects(400_000)) as unknown[]).length).toBe(400_000)
    expect(() => serializer.serialize(objects(600_000))).toThrow(/too many parts/)
  })

  test('BigInts of ten thousand digits', () => {
    expect(roundTrip(10n ** 9_999n)).toBe(10n ** 9_999n)
    expect(() => serializer.serialize(10n ** 10_000n)).toThrow(/10000 digits/)
  })

  test('texts and names that are cut within a surrogate pair', () => {
    const value = { '\ud83d': ['\ude00', 'a\ud83d', '😀'], '\ude00': 1 }
    expect(roundTrip(value)).toStrictEqual(value)
  })
})

test.each([deflate(), gzip(), brotli()])('zeros compressed by $name can be read', async (compressor) => {
  const codec = codecOf({ compressor })
  const zeros = new Uint8Array(4 * megabyte)
  const header = codec.readHeader(await codec.encode({ ...entry, value: zeros }), entry.key)
  const result = header.ok ? await codec.decodeValue(header.header) : header
  // Compared at once: item by item takes half a minute.
  expect(result.ok && Buffer.compare(result.value as Uint8Array, zeros)).toBe(0)
})

test('a decoder sees its own bytes only', () => {
  const sealed = msgpack()
  sealed.deserialize(sealed.serialize({ pin: 'PIN-9271-SECRET' }))
  const open = msgpack()
  for (const bytes of ['c8 0004 62 00000010 01', 'da 0020 61', 'd6 62 00000002 c1 0f'])
    expect(() => open.deserialize(hex(bytes))).toThrow()
})
