import { readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntryCodecOptions } from '../../src/contracts/entry-codec'
import { brotli, deflate, encryption, gzip, json, msgpack, signature, zstd } from '../../src/encoding'
import { createEntryCodec } from '../../src/encoding/entry-codec'
import type { Entry } from '../../src/entry/entry'
import { noClasses, type Sealer } from '../../src/index'

const defaults: EntryCodecOptions = {
  cacheName: 'test',
  place: '',
  serializer: undefined,
  serializers: undefined,
  classes: noClasses,
  compression: undefined,
  compressors: [],
  sealer: undefined,
  maxSize: 1_000_000,
  schema: undefined,
  migrate: undefined,
}
const codecOf = (options: Partial<EntryCodecOptions> = {}) => createEntryCodec({ ...defaults, ...options })

const entry: Entry = {
  key: 'user:42',
  kind: 'value',
  value: { name: 'Ada', born: 1815 },
  tags: ['user:42', 'org:7', 'user'],
  asOf: 1_795_218_366_894_123,
  term: 123_456_789,
  createdAt: 1_795_218_366_894,
  freshUntil: 1_795_218_426_894,
  staleUntil: 1_795_218_426_894,
  errorUntil: 1_795_218_486_894,
  computeTime: 12,
}

async function read(codec: ReturnType<typeof codecOf>, bytes: Uint8Array, key = entry.key) {
  const header = codec.readHeader(bytes, key)
  if (!header.ok) return header
  const value = await codec.decodeValue(header.header)
  return value.ok ? { ok: true, header: header.header, value: value.value } : value
}

describe('an entry', () => {
  test('is preserved by encoding and decoding', async () => {
    const codec = codecOf()
    const back = await read(codec, await codec.encode(entry))
    expect(back).toMatchObject({ ok: true, value: entry.value })
    const { value, ...rest } = entry
    expect(back).toHaveProperty('header', expect.objectContaining(rest))
  })

  test('may never expire, and may be an error', async () => {
    const codec = codecOf()
    const endless = {
      ...entry,
      freshUntil: Number.POSITIVE_INFINITY,
      staleUntil: Number.POSITIVE_INFINITY,
      errorUntil: Number.POSITIVE_INFINITY,
    }
    expect(await read(codec, await codec.encode(endless))).toMatchObject({
      header: { freshUntil: Number.POSITIVE_INFINITY },
    })
    const error = { ...entry, kind: 'error', value: new RangeError('no') } as const
    expect(await read(codec, await codec.encode(error))).toMatchObject({
      header: { kind: 'error' },
      value: { message: 'no' },
    })
  })

  test('begins with its position, big-endian', async () => {
    const bytes = await codecOf().encode(entry)
    expect(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)).toBe(BigInt(entry.asOf))
  })

  test('takes at most 36 bytes above its payload, with three short tags and an hour to live', async () => {
    const tagged = { ...entry, tags: ['a', 'b', 'c'], freshUntil: entry.createdAt + 3_600_000 }
    const brief = { ...tagged, staleUntil: tagged.freshUntil, errorUntil: tagged.freshUntil }
    const bytes = await codecOf().encode(brief)
    expect(bytes.length - msgpack().serialize(entry.value).length).toBeLessThanOrEqual(36)
  })

  test('in format 2 is not read, because its position belongs to no term', async () => {
    const bytes = readFileSync(new URL('snapshots/format-2.bin', import.meta.url))
    expect(await read(codecOf(), bytes)).toEqual({ ok: false, reason: 'unknown-version' })
  })

  test('in format 3 stays readable by later versions', async () => {
    const bytes = readFileSync(new URL('snapshots/format-3.bin', import.meta.url))
    expect(await read(codecOf(), bytes)).toMatchObject({
      ok: true,
      value: entry.value,
      header: { tags: entry.tags },
    })
    expect(Buffer.from(await codecOf().encode(entry)).equals(bytes)).toBe(true)
  })

  test('owns its value: decoding another entry does not change it', async () => {
    const codec = codecOf()
    const value = {
      bytes: Buffer.from('abc'),
      numbers: new Float64Array([1.5]),
      raw: new Uint8Array([7]).buffer,
    }
    const first = await read(codec, await codec.encode({ ...entry, value }))
    await read(codec, await codec.encode({ ...entry, value: 'x'.repeat(1_000) }))
    expect(first).toHaveProperty('ok', true)
    expect(first.ok && first.value).toStrictEqual(value)
  })
})

test('a value above maxSize is rejected with VALUE_TOO_LARGE', () => {
  expect(() => codecOf({ maxSize: 3 }).encode(entry)).toThrow(
    expect.objectContaining({ code: 'VALUE_TOO_LARGE', key: entry.key }),
  )
})

describe('encoding and decoding are synchronous', () => {
  const large = { ...entry, value: 'larder '.repeat(1_000) }
  const isAnything = (isPromised: boolean) =>
    ({
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) => (isPromised ? Promise.resolve({ value }) : { value }),
      },
    }) as const

  function bytesNow(codec: ReturnType<typeof codecOf>): Uint8Array {
    const bytes = codec.encode(large)
    if (bytes instanceof Promise) throw new Error('encode returned a promise')
    return bytes
  }

  test.each([
    ['by default', {}],
    ['with a compressor', { compression: { compressor: gzip(), threshold: 0 } }],
    ['with a schema', { schema: isAnything(false) }],
  ])('%s', (_, options) => {
    const codec = codecOf(options)
    const read = codec.readHeader(bytesNow(codec), entry.key)
    expect(read.ok && codec.decodeValue(read.header)).toEqual({ ok: true, value: large.value })
  })

  test('unless the schema is asynchronous', async () => {
    const codec = codecOf({ schema: isAnything(true) })
    const read = codec.readHeader(bytesNow(codec), entry.key)
    const value = read.ok && codec.decodeValue(read.header)
    expect(value).toBeInstanceOf(Promise)
    expect(await value).toEqual({ ok: true, value: large.value })
  })
})

describe('unreadable bytes yield a reason, not an exception,', () => {
  test('for another key, another version, an unknown codec, and a value that is too large', async () => {
    const codec = codecOf()
    const bytes = await codec.encode(entry)
    expect(codec.readHeader(bytes, 'user:43')).toEqual({ ok: false, reason: 'wrong-key' })
    expect(
      codec.readHeader(
        Uint8Array.from(bytes, (byte, at) => (at === 8 ? 99 : byte)),
        entry.key,
      ),
    ).toEqual({ ok: false, reason: 'unknown-version' })
    const serializer = { ...json(), id: 200 }
    const foreign = await codecOf({ serializer }).encode(entry)
    expect(codec.readHeader(foreign, entry.key)).toEqual({ ok: false, reason: 'unknown-codec' })
    expect(codecOf({ serializers: [serializer] }).readHeader(foreign, entry.key)).toMatchObject({ ok: true })
    expect(codecOf({ maxSize: 3 }).readHeader(bytes, entry.key)).toEqual({ ok: false, reason: 'too-large' })
  })

  test('if they are truncated anywhere', async () => {
    const codec = codecOf()
    const bytes = await codec.encode(entry)
    for (let length = 0; length < bytes.length; length += 1) {
      expect(await read(codec, bytes.subarray(0, length))).toMatchObject({ ok: false })
    }
  })

  test('if they are corrupted or random', async () => {
    const codec = codecOf({ compression: { compressor: gzip(), threshold: 0 } })
    const valid = await codec.encode({ ...entry, value: 'x'.repeat(500) })
    const mutated = fc
      .tuple(fc.nat(valid.length - 1), fc.nat(255))
      .map(([at, byte]) => Uint8Array.from(valid, (old, index) => (index === at ? byte : old)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const result = await read(codec, bytes)
        expect(typeof result.ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })
})

describe.each([deflate(), gzip(), brotli()])('compression with $name', (compressor) => {
  const large = { ...entry, value: 'larder '.repeat(1_000) }

  test('shrinks large payloads only, and is readable with any configured compressor', async () => {
    const codec = codecOf({ compression: { compressor, threshold: undefined } })
    const bytes = await codec.encode(large)
    expect(bytes.length).toBeLessThan(1_000)
    expect(await read(codecOf(), bytes)).toMatchObject({ ok: true, value: large.value })
    expect(codec.readHeader(await codec.encode(entry), entry.key)).toMatchObject({
      header: { format: { compressor: 0 } },
    })
  })

  test('is asynchronous for very large payloads', async () => {
    const codec = codecOf({ compression: { compressor, threshold: undefined } })
    const huge = { ...entry, value: 'larder '.repeat(50_000) }
    expect(await read(codec, await codec.encode(huge))).toMatchObject({ ok: true, value: huge.value })
  })

  test('does not decompress beyond the declared size', async () => {
    const bomb = await compressor.compress(new Uint8Array(10_000_000))
    await expect(async () => compressor.decompress(bomb, 1_000)).rejects.toThrow()
    await expect(async () => compressor.decompress(bomb, 100_000)).rejects.toThrow()
  })

  test('is skipped if it does not make the payload smaller', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(4_000))
    const codec = codecOf({ compression: { compressor, threshold: undefined } })
    expect(codec.readHeader(await codec.encode({ ...entry, value: noise }), entry.key)).toMatchObject({
      header: { format: { compressor: 0 } },
    })
  })
})

test('zstd compresses if the runtime supports it, and names an alternative if not', async () => {
  if (!('zstdCompressSync' in zlib)) {
    expect(() => zstd()).toThrow(/Node 22.15/)
    return
  }
  const large = { ...entry, value: 'larder '.repeat(1_000) }
  const bytes = await codecOf({ compression: { compressor: zstd(), threshold: undefined } }).encode(large)
  expect(bytes.length).toBeLessThan(1_000)
  expect(await read(codecOf(), bytes)).toMatchObject({ ok: true, value: large.value })
})

const secret = (fill: number) => new Uint8Array(32).fill(fill)

describe.each([
  ['encryption', encryption],
  ['signature', signature],
] as const)('%s', (name, seal) => {
  const sealer = seal({ keys: [{ id: 1, secret: secret(1) }] })

  test('opens sealed entries, and no entry that was changed', async () => {
    const codec = codecOf({ sealer })
    const bytes = await codec.encode(entry)
    expect(await read(codec, bytes)).toMatchObject({ ok: true, value: entry.value })
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte))
      expect(await read(codec, changed)).toMatchObject({ ok: false })
    }
  })

  test('does not open an entry that was moved to another cache', async () => {
    const bytes = await codecOf({ sealer }).encode(entry)
    expect(await read(codecOf({ sealer, cacheName: 'other' }), bytes)).toEqual({
      ok: false,
      reason: 'seal-broken',
    })
  })

  test('does not open an entry that was copied from another prefix or database', async () => {
    const bytes = await codecOf({ sealer, place: '["staging",0]' }).encode(entry)
    expect(await read(codecOf({ sealer, place: '["staging",0]' }), bytes)).toMatchObject({ ok: true })
    for (const place of ['["live",0]', '["staging",1]', ''])
      expect(await read(codecOf({ sealer, place }), bytes)).toEqual({ ok: false, reason: 'seal-broken' })
  })

  test('opens entries of older keys after a rotation, and none of removed keys', async () => {
    const bytes = await codecOf({ sealer }).encode(entry)
    const rotated = seal({
      keys: [
        { id: 2, secret: secret(2) },
        { id: 1, secret: secret(1) },
      ],
    })
    expect(await read(codecOf({ sealer: rotated }), bytes)).toMatchObject({ ok: true })
    const gone = seal({ keys: [{ id: 2, secret: secret(2) }] })
    expect(await read(codecOf({ sealer: gone }), bytes)).toEqual({ ok: false, reason: 'seal-broken' })
  })

  test('rejects an unsealed entry', async () => {
    expect(await read(codecOf({ sealer }), await codecOf().encode(entry))).toEqual({
      ok: false,
      reason: 'seal-broken',
    })
  })

  test(name === 'encryption' ? 'hides the value' : 'leaves the value readable', async () => {
    const text = Buffer.from(await codecOf({ sealer }).encode(entry)).toString('latin1')
    expect(text.includes('Ada')).toBe(name === 'signature')
  })

  test.each<[what: string, keys: unknown, message: RegExp]>([
    ['a secret of another length', [{ id: 1, secret: 'c2hvcnQ=' }], /needs 32 bytes.*key 1 has 5 bytes/],
    ['an empty secret', [{ id: 1, secret: '' }], /key 1 has 0 bytes/],
    ['a missing secret', [{ id: 1 }], /key 1 has 0 bytes/],
    ['a secret that is not base64', [{ id: 1, secret: 'no base64!' }], /key 1 has 0 bytes/],
    ['a secret of zeros', [{ id: 1, secret: secret(0) }], /nothing but zeros/],
    [
      'two keys of one id',
      [1, 1].map((id, at) => ({ id, secret: secret(at + 1) })),
      /two keys with the id 1/,
    ],
    ['an id that is too large', [{ id: 256, secret: secret(1) }], /from 0 to 255; got 256/],
    ['no keys', [], /at least one key/],
    ['a key without a list', { id: 1, secret: secret(1) }, /at least one key/],
  ])('refuses %s', (_, keys, message) => {
    expect(() => seal({ keys: keys as never })).toThrow(message)
  })
})

test('a seal authenticates the whole key and cache name, including special characters', async () => {
  const contexts: Uint8Array[] = []
  const sealer: Sealer = {
    id: 99,
    async seal(bytes, context) {
      contexts.push(context)
      return bytes
    },
    async open(bytes, context) {
      contexts.push(context)
      return bytes
    },
  }
  const names = [
    ['a', 'b'],
    ['a","b', ''],
    ['a', '","b'],
    ['a\u0000', 'b'],
    ['a', '\u0000b'],
  ] as const
  for (const [cacheName, key] of names) {
    const codec = codecOf({ sealer, cacheName, place: 'live' })
    await read(codec, await codec.encode({ ...entry, key }), key)
  }
  const [first = new Uint8Array()] = contexts
  expect(Buffer.from(first).subarray(0, 16).toString()).toBe('["live","a","b"]')
  // Each entry was sealed and opened in the same context, and no two entries share one.
  expect(new Set(contexts.map((context) => Buffer.from(context).toString('hex'))).size).toBe(names.length)
  expect(contexts).toHaveLength(2 * names.length)
})

describe('a schema', () => {
  const isUser = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value: unknown) =>
        typeof value === 'object' && value !== null && 'fullName' in value
          ? { value }
          : { issues: [{ message: 'no fullName' }] },
    },
  } as const

  test('makes an invalid value a miss', async () => {
    expect(await read(codecOf({ schema: isUser }), await codecOf().encode(entry))).toEqual({
      ok: false,
      reason: 'schema',
    })
  })

  test('accepts a migrated value', async () => {
    const migrate = (old: unknown) => ({ fullName: (old as { name: string }).name })
    const codec = codecOf({ schema: isUser, migrate })
    expect(await read(codec, await codecOf().encode(entry))).toMatchObject({
      ok: true,
      value: { fullName: 'Ada' },
    })
  })

  test('makes a value a miss if migrate throws', async () => {
    const codec = codecOf({
      schema: isUser,
      migrate: () => {
        throw new Error('cannot')
      },
    })
    expect(await read(codec, await codecOf().encode(entry))).toEqual({ ok: false, reason: 'schema' })
  })
})
