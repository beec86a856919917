import type { EntryHeader, PayloadFormat } from '../contracts/entry-codec'
import { type Entry, windowsOf } from '../entry/entry'
import { hashOfKey } from '../entry/key'
import { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { maxTagBytes, readTags, writeTags } from './tag-list'

/**
 * The bytes of an entry: a header that can be read without touching the payload, then the payload.
 *
 * | bytes | field |
 * |---|---|
 * | 8 | `asOf`, big-endian |
 * | 1 | version of this format; the lower four bits are flags: error, stale window, error window, format |
 * | 6 | term of `asOf`, big-endian |
 * | … | `createdAt` minus `asOf`, both in ms: variable length, signed |
 * | … | if flagged, payload format: one byte each for serializer, compressor and sealer, then its size: variable length |
 * | … | `freshUntil` minus `createdAt`, then, if flagged, `staleUntil` and `errorUntil` minus `freshUntil`: durations |
 * | … | `computeTime`, ms: variable length |
 * | 7 | hash of the key |
 * | … | tags |
 *
 * `asOf` and `createdAt`, which distinguish two entries of a key, lie within the first 23 bytes: `fingerprintBytes`.
 */
const formatVersion = 3

const errorFlag = 1
const staleWindowFlag = 2
const errorWindowFlag = 4
const formatFlag = 8
const flagValues = 16

/** Maximum size of the fields before the tags, in bytes. */
const maxFieldBytes = 86

/** The serializer of entries without format flag, whose payload is neither compressed nor sealed. */
const defaultSerializer = 1

/** Encodes the header of an entry; the payload follows it. */
export function encodeHeader(entry: Omit<Entry, 'value'>, format: PayloadFormat): Uint8Array {
  const createdAt = Math.round(entry.createdAt)
  const { staleFor, errorFor } = windowsOf(entry)
  const flags =
    (entry.kind === 'error' ? errorFlag : 0) |
    (staleFor > 0 ? staleWindowFlag : 0) |
    (errorFor > 0 ? errorWindowFlag : 0) |
    (isDefaultFormat(format) ? 0 : formatFlag)
  const out = new ByteWriter(new Uint8Array(maxFieldBytes + maxTagBytes(entry.tags)))
  out.writeUint(entry.asOf, 8)
  out.writeByte(formatVersion * flagValues + flags)
  out.writeUint(entry.term, 6)
  out.writeSigned(createdAt - timeOf(entry.asOf))
  if (flags & formatFlag) writeFormat(out, format)
  out.writeDuration(entry.freshUntil - createdAt)
  if (staleFor > 0) out.writeDuration(staleFor)
  if (errorFor > 0) out.writeDuration(errorFor)
  out.writeVarint(Math.round(entry.computeTime))
  out.writeUint(hashOfKey(entry.key), 7)
  writeTags(out, entry.tags)
  return out.finish()
}

/**
 * Decodes the header of bytes found under `key`, or returns why they cannot be used.
 * @throws RangeError or TypeError for bytes that do not follow this format.
 */
export function decodeHeader(bytes: Uint8Array, key: string): EntryHeader | 'unknown-version' | 'wrong-key' {
  const input = new ByteReader(bytes)
  const asOf = input.readUint(8)
  const flags = input.readByte() - formatVersion * flagValues
  if (flags < 0 || flags >= flagValues) return 'unknown-version'
  const term = input.readUint(6)
  const createdAt = timeOf(asOf) + input.readSigned()
  const format = flags & formatFlag ? readFormat(input) : undefined
  const freshUntil = createdAt + input.readDuration()
  const staleUntil = freshUntil + (flags & staleWindowFlag ? input.readDuration() : 0)
  const errorUntil = freshUntil + (flags & errorWindowFlag ? input.readDuration() : 0)
  const computeTime = input.readVarint()
  if (input.readUint(7) !== hashOfKey(key)) return 'wrong-key'
  const tags = readTags(input)
  return {
    key,
    kind: flags & errorFlag ? 'error' : 'value',
    tags,
    asOf,
    term,
    createdAt,
    freshUntil,
    staleUntil,
    errorUntil,
    computeTime,
    format: format ?? defaultFormat(bytes.length - input.position),
    bytes,
    payloadAt: input.position,
  }
}

/** A log position, which is in microseconds since the epoch, as milliseconds. */
function timeOf(position: number): number {
  return Math.floor(position / 1_000)
}

function isDefaultFormat({ serializer, compressor, sealer }: PayloadFormat): boolean {
  return serializer === defaultSerializer && compressor === 0 && sealer === 0
}

function defaultFormat(size: number): PayloadFormat {
  return { serializer: defaultSerializer, compressor: 0, sealer: 0, size }
}

function writeFormat(out: ByteWriter, { serializer, compressor, sealer, size }: PayloadFormat): void {
  out.writeByte(serializer)
  out.writeByte(compressor)
  out.writeByte(sealer)
  out.writeVarint(size)
}

function readFormat(input: ByteReader): PayloadFormat {
  return {
    serializer: input.readByte(),
    compressor: input.readByte(),
    sealer: input.readByte(),
    size: input.readVarint(),
  }
}
