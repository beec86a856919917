import type { EntryHeader, PayloadFormat } from '../contracts/entry-codec'
import { type Entry, windowsOf } from '../entry/entry'
import { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { hashOfKey } from './key-hash'
import { readTags, roomForTags, writeTags } from './tag-list'

/**
 * The bytes of an entry: a header that is read without touching the payload, then the payload.
 *
 * | bytes | field |
 * |---|---|
 * | 8 | `asOf`, big-endian |
 * | 1 | version of this format; the lower four bits are flags: error, stale window, error window, format |
 * | … | `createdAt` after `asOf`, both in ms: variable length, signed |
 * | … | by flag, format of the payload: one byte each for serializer, compressor and sealer, then its size: variable length |
 * | … | `freshUntil` after `createdAt`, then, by flags, `staleUntil` and `errorUntil` after `freshUntil`: durations |
 * | … | `computeTime`, ms: variable length |
 * | 7 | hash of the key |
 * | … | tags |
 *
 * What tells two computations of a key apart, `asOf` and `createdAt`, lies within the first 17 bytes: `fingerprintBytes`.
 */
const formatVersion = 2

const isError = 1
const hasStale = 2
const hasErrorWindow = 4
const hasFormat = 8
const flagValues = 16

/** Of everything before the tags, at most. */
const headRoom = 80

/** The serializer of entries that say nothing of their format: plain payloads of the default one. */
const defaultSerializer = 1

/** The header of an entry; the payload follows it. */
export function encodeHeader(entry: Omit<Entry, 'value'>, format: PayloadFormat): Uint8Array {
  const createdAt = Math.round(entry.createdAt)
  const { staleFor, errorFor } = windowsOf(entry)
  const flags =
    (entry.kind === 'error' ? isError : 0) |
    (staleFor > 0 ? hasStale : 0) |
    (errorFor > 0 ? hasErrorWindow : 0) |
    (isDefault(format) ? 0 : hasFormat)
  const out = new ByteWriter(new Uint8Array(headRoom + roomForTags(entry.tags)))
  out.uint(entry.asOf, 8)
  out.byte(formatVersion * flagValues + flags)
  out.signed(createdAt - timeOf(entry.asOf))
  if (flags & hasFormat) writeFormat(out, format)
  out.duration(entry.freshUntil - createdAt)
  if (staleFor > 0) out.duration(staleFor)
  if (errorFor > 0) out.duration(errorFor)
  out.varint(Math.round(entry.computeTime))
  out.uint(hashOfKey(entry.key), 7)
  writeTags(out, entry.tags)
  return out.written()
}

/**
 * Reads the header of what was found under `key`, or says why it is of no use. Throws a RangeError or TypeError at
 * anything this format cannot hold.
 */
export function decodeHeader(bytes: Uint8Array, key: string): EntryHeader | 'unknown-version' | 'wrong-key' {
  const input = new ByteReader(bytes)
  const asOf = input.uint(8)
  const flags = input.byte() - formatVersion * flagValues
  if (flags < 0 || flags >= flagValues) return 'unknown-version'
  const createdAt = timeOf(asOf) + input.signed()
  const format = flags & hasFormat ? readFormat(input) : undefined
  const freshUntil = createdAt + input.duration()
  const staleUntil = freshUntil + (flags & hasStale ? input.duration() : 0)
  const errorUntil = freshUntil + (flags & hasErrorWindow ? input.duration() : 0)
  const computeTime = input.varint()
  if (input.uint(7) !== hashOfKey(key)) return 'wrong-key'
  const tags = readTags(input)
  return {
    key,
    kind: flags & isError ? 'error' : 'value',
    tags,
    asOf,
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

/** Positions are microseconds since the epoch. */
function timeOf(position: number): number {
  return Math.floor(position / 1_000)
}

function isDefault({ serializer, compressor, sealer }: PayloadFormat): boolean {
  return serializer === defaultSerializer && compressor === 0 && sealer === 0
}

function defaultFormat(size: number): PayloadFormat {
  return { serializer: defaultSerializer, compressor: 0, sealer: 0, size }
}

function writeFormat(out: ByteWriter, { serializer, compressor, sealer, size }: PayloadFormat): void {
  out.byte(serializer)
  out.byte(compressor)
  out.byte(sealer)
  out.varint(size)
}

function readFormat(input: ByteReader): PayloadFormat {
  return {
    serializer: input.byte(),
    compressor: input.byte(),
    sealer: input.byte(),
    size: input.varint(),
  }
}
