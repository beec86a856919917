import type { EntryCodecOptions, EntryHeader, PayloadFormat, ValueResult } from '../contracts/entry-codec'
import type { UnreadableReason } from '../contracts/events'
import type { Entry } from '../entry/entry'
import { LarderError } from '../errors'
import { isThenable, type MaybePromise } from '../maybe-promise'
import { builtInCompressors } from './compression'
import { json } from './json'
import { msgpack } from './msgpack'
import { validateValue } from './validate-value'

/** A payload before it is sealed, and how it was made. */
export interface Packed {
  readonly body: Uint8Array
  readonly format: Omit<PayloadFormat, 'sealer'>
}

export const unreadable = (reason: UnreadableReason) => ({ ok: false, reason }) as const
const defaultThreshold = 1_024

/** Puts serializer, compressor and schema together. */
export function createPayloadCodec(options: EntryCodecOptions) {
  const { compression, maxSize, schema, migrate } = options
  const serializer = options.serializer ?? msgpack()
  const serializers = byId([msgpack(), json(), ...(options.serializers ?? []), serializer])
  const compressors = byId([
    ...builtInCompressors(),
    ...options.compressors,
    ...(compression ? [compression.compressor] : []),
  ])
  const threshold = compression?.threshold ?? defaultThreshold

  function serialized({ key, value }: Entry): Uint8Array {
    const bytes = serializer.serialize(value)
    if (bytes.length <= maxSize) return bytes
    throw new LarderError(
      'VALUE_TOO_LARGE',
      `The value has ${bytes.length} bytes; at most ${maxSize} are stored (maxValueSize).`,
      { key },
    )
  }

  function unpacked(body: Uint8Array, { compressor, size }: PayloadFormat): Uint8Array | Promise<Uint8Array> {
    if (compressor !== 0) return (compressors.get(compressor) ?? missing()).decompress(body, size)
    if (body.length === size) return body
    throw new LarderError('BAD_ENTRY', 'The payload has not the size it should have.')
  }

  function restored(bytes: Uint8Array, { kind, format }: EntryHeader): MaybePromise<ValueResult> {
    const value = (serializers.get(format.serializer) ?? missing()).deserialize(bytes)
    if (schema === undefined || kind === 'error') return { ok: true, value }
    const fit = validateValue(value, { schema, migrate })
    return isThenable(fit) ? fit.then(resultOf) : resultOf(fit)
  }

  return {
    /** The bytes of the entry's value, compressed if that is worth it. */
    pack(entry: Entry): MaybePromise<Packed> {
      const bytes = serialized(entry)
      const format = { serializer: serializer.id, compressor: 0, size: bytes.length }
      const raw = { body: bytes, format }
      if (compression === undefined || bytes.length < threshold) return raw
      const { compressor } = compression
      const smaller = (body: Uint8Array): Packed =>
        body.length < bytes.length ? { body, format: { ...format, compressor: compressor.id } } : raw
      const body = compressor.compress(bytes)
      return isThenable(body) ? Promise.resolve(body).then(smaller) : smaller(body)
    },

    /** Whether what wrote the payload is known here. */
    knows: ({ serializer, compressor }: PayloadFormat): boolean =>
      serializers.has(serializer) && (compressor === 0 || compressors.has(compressor)),

    /** The value in a payload that is not sealed, or not any more. */
    unpack(body: Uint8Array, header: EntryHeader): MaybePromise<ValueResult> {
      try {
        const bytes = unpacked(body, header.format)
        if (!isThenable(bytes)) return restored(bytes, header)
        return Promise.resolve(bytes)
          .then((whole) => restored(whole, header))
          .catch(() => unreadable('garbage'))
      } catch {
        return unreadable('garbage')
      }
    },
  }
}

function resultOf(fit: { readonly value: unknown } | undefined): ValueResult {
  return fit === undefined ? unreadable('schema') : { ok: true, value: fit.value }
}

function byId<T extends { readonly id: number }>(codecs: readonly T[]): ReadonlyMap<number, T> {
  return new Map(codecs.map((codec) => [codec.id, codec]))
}

function missing(): never {
  throw new LarderError('BAD_ENTRY', 'The entry was written with a codec that is not known here.')
}
