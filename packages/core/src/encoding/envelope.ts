import type { Entry } from '../entry/entry'
import { type ByteReader, readBytes } from './byte-reader'
import { writeBytes } from './byte-writer'

/**
 * The bytes of an entry: a header that is read without touching the payload, then the payload.
 *
 * | bytes | field |
 * |---|---|
 * | 8 | `asOf`, big-endian |
 * | 1 | version of this format |
 * | 1 | flags: error, stale window, error window |
 * | 3 | serializer, compressor, sealer |
 * | 6 | `createdAt`, ms, big-endian |
 * | … | `freshUntil` after `createdAt`, then, by flags, `staleUntil` and `errorUntil` after `freshUntil`: variable length, ms |
 * | … | `computeTime`, ms; size of the payload before compression: variable length |
 * | … | key; number of tags and each tag: text with its length before it |
 */
export const formatVersion = 1

const isError = 1
const hasStale = 2
const hasErrorWindow = 4

/** How the payload was made. */
export interface PayloadFormat {
  readonly serializer: number
  readonly compressor: number
  readonly sealer: number
  /** Size before compression, in bytes. */
  readonly size: number
}

/** An entry but for its value, and where the value lies. */
export interface EntryHeader extends Omit<Entry, 'value'> {
  readonly format: PayloadFormat
  /** The header's own bytes. */
  readonly head: Uint8Array
  readonly payload: Uint8Array
}

/** The header of an entry; the payload follows it. */
export function encodeHeader(entry: Omit<Entry, 'value'>, format: PayloadFormat): Uint8Array {
  const createdAt = Math.round(entry.createdAt)
  const staleFor = entry.staleUntil - entry.freshUntil
  const errorFor = entry.errorUntil - entry.freshUntil
  const hasStaleWindow = staleFor > 0 && entry.freshUntil !== Number.POSITIVE_INFINITY
  const hasWindowOnError = errorFor > 0 && entry.freshUntil !== Number.POSITIVE_INFINITY
  return writeBytes(
    64 + 3 * (entry.key.length + entry.tags.reduce((sum, tag) => sum + tag.length + 4, 0)),
    (out) => {
      out.uint(entry.asOf, 8)
      out.uint(formatVersion, 1)
      out.uint(
        (entry.kind === 'error' ? isError : 0) |
          (hasStaleWindow ? hasStale : 0) |
          (hasWindowOnError ? hasErrorWindow : 0),
        1,
      )
      out.uint(format.serializer, 1)
      out.uint(format.compressor, 1)
      out.uint(format.sealer, 1)
      out.uint(createdAt, 6)
      out.duration(entry.freshUntil - createdAt)
      if (hasStaleWindow) out.duration(staleFor)
      if (hasWindowOnError) out.duration(errorFor)
      out.varint(Math.round(entry.computeTime))
      out.varint(format.size)
      out.text(entry.key)
      out.varint(entry.tags.length)
      for (const tag of entry.tags) out.text(tag)
    },
  )
}

/** Reads a header. Undefined for another version; throws a RangeError at anything this format cannot hold. */
export function decodeHeader(bytes: Uint8Array): EntryHeader | undefined {
  return readBytes(bytes, (input) => {
    const asOf = input.uint(8)
    if (input.uint(1) !== formatVersion) return undefined
    const flags = input.uint(1)
    const [serializer, compressor, sealer] = [input.uint(1), input.uint(1), input.uint(1)]
    const createdAt = input.uint(6)
    const freshUntil = createdAt + input.duration()
    const staleUntil = freshUntil + (flags & hasStale ? input.duration() : 0)
    const errorUntil = freshUntil + (flags & hasErrorWindow ? input.duration() : 0)
    const computeTime = input.varint()
    const size = input.varint()
    const key = input.text()
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
      format: { serializer, compressor, sealer, size },
      head: bytes.subarray(0, input.position),
      payload: bytes.subarray(input.position),
    }
  })
}

function readTags(input: ByteReader): string[] {
  const count = input.varint()
  const tags: string[] = []
  // A forged count runs into the end of the bytes; it does not reserve memory.
  for (let at = 0; at < count; at += 1) tags.push(input.text())
  return tags
}
