import { describeValue } from '../arguments/describe-value'
import type { Compressor, Serializer } from '../contracts/codec'
import type { EntryCodecOptions, EntryHeader, PayloadFormat, ValueResult } from '../contracts/entry-codec'
import type { UnreadableReason } from '../contracts/events'
import type { Entry } from '../entry/entry'
import { LarderError } from '../errors'
import { isThenable, type MaybePromise } from '../maybe-promise'
import { builtInCompressors, exceedsRatio } from './compression'
import { json } from './json'
import { msgpack } from './msgpack'
import { validateValue } from './validate-value'

/** A payload before it is sealed, and the codecs it was encoded with. */
export interface EncodedPayload {
  readonly body: Uint8Array
  readonly format: Omit<PayloadFormat, 'sealer'>
}

export const unreadableResult = (reason: UnreadableReason) => ({ ok: false, reason }) as const

/** Smallest payload that is compressed, in bytes, unless configured. */
const defaultThreshold = 1_024

/** Serializes and compresses values. */
export function createPayloadEncoder(options: EntryCodecOptions) {
  const { serializer = msgpack(), classes, compression, maxSize } = options
  const threshold = compression?.threshold ?? defaultThreshold

  function serializeValue({ key, kind, value }: Entry): Uint8Array {
    if (kind === 'error') requireError(value)
    const bytes = serializer.serialize(value, classes)
    if (bytes.length <= maxSize) return bytes
    throw new LarderError(
      'VALUE_TOO_LARGE',
      `The serialized value has ${bytes.length} bytes; at most ${maxSize} are allowed (maxValueSize).`,
      { key },
    )
  }

  return {
    /** Serializes the value of an entry, and compresses it if the result is smaller. */
    encodePayload(entry: Entry): MaybePromise<EncodedPayload> {
      const bytes = serializeValue(entry)
      const format = { serializer: serializer.id, compressor: 0, size: bytes.length }
      const raw = { body: bytes, format }
      if (compression === undefined || bytes.length < threshold) return raw
      const { compressor } = compression
      const chooseSmaller = (body: Uint8Array): EncodedPayload =>
        body.length < bytes.length && !exceedsRatio(bytes.length, body.length)
          ? { body, format: { ...format, compressor: compressor.id } }
          : raw
      const body = compressor.compress(bytes)
      return isThenable(body) ? Promise.resolve(body).then(chooseSmaller) : chooseSmaller(body)
    },
  }
}

/** Decompresses, deserializes and validates values, with every codec that may have written them. */
export function createPayloadDecoder(options: EntryCodecOptions) {
  const { classes, schema, migrate } = options
  const serializers = indexById(configuredSerializers(options))
  const compressors = indexById(configuredCompressors(options))

  function decompressBody(
    body: Uint8Array,
    { compressor, size }: PayloadFormat,
  ): Uint8Array | Promise<Uint8Array> {
    if (compressor !== 0) return (compressors.get(compressor) ?? unknownCodec()).decompress(body, size)
    if (body.length === size) return body
    throw new LarderError('BAD_ENTRY', `The payload must have ${size} bytes; got ${body.length}.`)
  }

  function restoreValue(bytes: Uint8Array, { kind, format }: EntryHeader): MaybePromise<ValueResult> {
    const value = (serializers.get(format.serializer) ?? unknownCodec()).deserialize(bytes, classes)
    if (kind === 'error') requireError(value)
    if (schema === undefined || kind === 'error') return { ok: true, value }
    const validated = validateValue(value, { schema, migrate })
    return isThenable(validated) ? validated.then(toResult) : toResult(validated)
  }

  return {
    /** Whether the serializer and the compressor of the payload are configured. */
    supportsFormat: ({ serializer, compressor }: PayloadFormat): boolean =>
      serializers.has(serializer) && (compressor === 0 || compressors.has(compressor)),

    /** The value of an unsealed payload. */
    decodePayload(body: Uint8Array, header: EntryHeader): MaybePromise<ValueResult> {
      try {
        const bytes = decompressBody(body, header.format)
        if (!isThenable(bytes)) return restoreValue(bytes, header)
        return Promise.resolve(bytes)
          .then((decompressed) => restoreValue(decompressed, header))
          .catch(() => unreadableResult('garbage'))
      } catch {
        return unreadableResult('garbage')
      }
    },
  }
}

function configuredSerializers({ serializers = [], serializer }: EntryCodecOptions): readonly Serializer[] {
  const configured = [msgpack(), json(), ...serializers]
  return serializer === undefined ? configured : [...configured, serializer]
}

function configuredCompressors({ compressors, compression }: EntryCodecOptions): readonly Compressor[] {
  const configured = [...builtInCompressors(), ...compressors]
  return compression === undefined ? configured : [...configured, compression.compressor]
}

/** A thrown value is remembered in shared stores if it is an error: callers in other processes handle errors. */
function requireError(value: unknown): void {
  if (value instanceof Error) return
  throw new LarderError(
    'UNSERIALIZABLE_VALUE',
    `The function threw ${describeValue(value)}, and only errors are remembered in shared stores. Throw new Error(…).`,
  )
}

function toResult(validated: { readonly value: unknown } | undefined): ValueResult {
  return validated === undefined ? unreadableResult('schema') : { ok: true, value: validated.value }
}

function indexById<T extends { readonly id: number }>(codecs: readonly T[]): ReadonlyMap<number, T> {
  return new Map(codecs.map((codec) => [codec.id, codec]))
}

function unknownCodec(): never {
  throw new LarderError(
    'BAD_ENTRY',
    'The entry was written with a serializer or compressor that is not configured here.',
  )
}
