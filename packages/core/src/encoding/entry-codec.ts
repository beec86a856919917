import type { Compressor, Sealer, Serializer } from '../contracts/codec'
import type { Entry } from '../entry/entry'
import { LarderError } from '../errors'
import type { UnreadableReason } from '../telemetry/events'
import { builtInCompressors } from './compression'
import { decodeHeader, type EntryHeader, encodeHeader, type PayloadFormat } from './envelope'
import { json } from './json'
import { msgpack } from './msgpack'
import { checked, type StandardSchemaV1 } from './schema'

/** How entries become bytes. */
export interface EntryCodecOptions {
  readonly cacheName: string
  readonly serializer: Serializer | undefined
  /** Others that entries may have been written with. */
  readonly serializers: readonly Serializer[] | undefined
  readonly compression:
    | { readonly compressor: Compressor; readonly threshold: number | undefined }
    | undefined
  /** Others that entries may have been written with. */
  readonly compressors: readonly Compressor[]
  readonly sealer: Sealer | undefined
  /** Of a payload before compression, in bytes. */
  readonly maxSize: number
  readonly schema: StandardSchemaV1 | undefined
  readonly migrate: ((old: unknown) => unknown) | undefined
}

export type HeaderResult =
  | { readonly ok: true; readonly header: EntryHeader }
  | { readonly ok: false; readonly reason: UnreadableReason }

export type ValueResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason }

/** Turns entries into bytes and back. Reading never throws: what cannot be read has a reason. */
export interface EntryCodec {
  /** @throws LarderError `UNREADABLE_VALUE` for a value that has no form in bytes, or too large a one. */
  encode(entry: Entry): Promise<Uint8Array>
  readHeader(bytes: Uint8Array, key: string): HeaderResult
  decodeValue(header: EntryHeader): Promise<ValueResult>
}

const unreadable = (reason: UnreadableReason) => ({ ok: false, reason }) as const
const defaultThreshold = 1_024

/** Puts serializer, compressor, sealer and envelope together. */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { compression, sealer, maxSize } = options
  const serializer = options.serializer ?? msgpack()
  const serializers = byId([msgpack(), json(), ...(options.serializers ?? []), serializer])
  const compressors = byId([
    ...builtInCompressors(),
    ...options.compressors,
    ...(compression ? [compression.compressor] : []),
  ])
  const name = new TextEncoder().encode(`${options.cacheName}\u0000`)

  /** Compressed if that is worth it. */
  async function packed(bytes: Uint8Array): Promise<{ compressor: number; body: Uint8Array }> {
    const raw = { compressor: 0, body: bytes }
    if (compression === undefined || bytes.length < (compression.threshold ?? defaultThreshold)) return raw
    const body = await compression.compressor.compress(bytes)
    return body.length < bytes.length ? { compressor: compression.compressor.id, body } : raw
  }

  async function unpacked(body: Uint8Array, { compressor, size }: PayloadFormat): Promise<Uint8Array> {
    if (compressor !== 0) return (compressors.get(compressor) ?? missing()).decompress(body, size)
    if (body.length === size) return body
    throw new LarderError('BAD_ENTRY', 'The payload has not the size it should have.')
  }

  return {
    async encode(entry) {
      const bytes = serializer.serialize(entry.value)
      if (bytes.length > maxSize) {
        throw new LarderError(
          'UNREADABLE_VALUE',
          `The value has ${bytes.length} bytes; at most ${maxSize} are stored (maxValueSize).`,
          { key: entry.key },
        )
      }
      const { compressor, body } = await packed(bytes)
      const head = encodeHeader(entry, {
        serializer: serializer.id,
        compressor,
        sealer: sealer?.id ?? 0,
        size: bytes.length,
      })
      return concat(head, sealer === undefined ? body : await sealer.seal(body, concat(name, head)))
    },

    readHeader(bytes, key) {
      const header = tryTo(() => decodeHeader(bytes))
      if (header === failed) return unreadable('garbage')
      if (header === undefined) return unreadable('unknown-version')
      if (header.key !== key) return unreadable('wrong-key')
      if (header.format.size > maxSize) return unreadable('too-large')
      if (header.format.sealer !== (sealer?.id ?? 0)) return unreadable('seal-broken')
      const isKnown =
        serializers.has(header.format.serializer) &&
        (header.format.compressor === 0 || compressors.has(header.format.compressor))
      return isKnown ? { ok: true, header } : unreadable('unknown-codec')
    },

    async decodeValue({ kind, format, head, payload }) {
      let body = payload
      try {
        if (sealer !== undefined) body = await sealer.open(payload, concat(name, head))
      } catch {
        return unreadable('seal-broken')
      }
      try {
        const value = (serializers.get(format.serializer) ?? missing()).deserialize(
          await unpacked(body, format),
        )
        if (options.schema === undefined || kind === 'error') return { ok: true, value }
        const fit = await checked(value, { schema: options.schema, migrate: options.migrate }).catch(
          () => undefined,
        )
        return fit === undefined ? unreadable('schema') : { ok: true, value: fit.value }
      } catch {
        return unreadable('garbage')
      }
    },
  }
}

const failed = Symbol('failed')

function tryTo<T>(work: () => T): T | typeof failed {
  try {
    return work()
  } catch {
    return failed
  }
}

function byId<T extends { readonly id: number }>(codecs: readonly T[]): ReadonlyMap<number, T> {
  return new Map(codecs.map((codec) => [codec.id, codec]))
}

function missing(): never {
  throw new LarderError('BAD_ENTRY', 'The entry was written with a codec that is not known here.')
}

function concat(head: Uint8Array, body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + body.length)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}
