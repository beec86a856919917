import { LarderError } from '../errors'
import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'

const encoder = new TextEncoder()

/** Longest shared prefix: fits one byte, and bounds how much larger than the input forged bytes can become. */
const maxShared = 255
/** Shortest shared prefix worth the byte for its length. */
const minShared = 2

/** Maximum tags of an entry in bytes: a few bytes may stand for very many tags that share a prefix. */
const maxTags = 16_384

/** Upper bound of the encoded size of the tags, in bytes. */
export function maxTagBytes(tags: readonly string[]): number {
  return tags.reduce((sum, tag) => sum + 3 * tag.length + 4, 8)
}

/**
 * Writes the number of tags, then each tag without the prefix it shares with the previous one: ancestors of a hierarchical
 * tag are prefixes of it. The lowest bit of the length is set if there is a shared prefix; its length in characters follows
 * in one byte.
 * @throws LarderError `TAG_GRAPH_TOO_LARGE` for more tags than can be read.
 */
export function writeTags(out: ByteWriter, tags: readonly string[]): void {
  let previous = ''
  if (tags.length > maxTags) throw tooManyTags(tags.length)
  out.writeVarint(tags.length)
  for (const tag of tags) {
    const shared = sharedPrefixLength(previous, tag)
    const rest = encoder.encode(tag.slice(shared))
    out.writeVarint(rest.length * 2 + (shared > 0 ? 1 : 0))
    if (shared > 0) out.writeByte(shared)
    out.writeBytes(rest)
    previous = tag
  }
}

/** Reads tags written by {@link writeTags}. @throws RangeError for forged bytes. */
export function readTags(input: ByteReader): readonly string[] {
  const count = input.readVarint()
  if (count > maxTags) throw new RangeError(`An entry has at most ${maxTags} tags; got ${count}.`)
  const tags: string[] = []
  let previous = ''
  for (let index = 0; index < count; index += 1) {
    const encodedLength = input.readVarint()
    const shared = encodedLength % 2 === 0 ? 0 : input.readByte()
    previous = previous.slice(0, shared) + input.readText(Math.floor(encodedLength / 2))
    tags.push(previous)
  }
  return tags
}

function tooManyTags(count: number): LarderError {
  return new LarderError(
    'TAG_GRAPH_TOO_LARGE',
    `The entry has ${count} tags; a shared store takes at most ${maxTags}.`,
  )
}

/**
 * Length of the common prefix in characters, or 0 if it is too short. Never splits a surrogate pair, because its halves have
 * no UTF-8 form.
 */
function sharedPrefixLength(previous: string, tag: string): number {
  const limit = Math.min(previous.length, tag.length, maxShared)
  let length = 0
  while (length < limit && previous.charCodeAt(length) === tag.charCodeAt(length)) length += 1
  if (isHighSurrogate(tag.charCodeAt(length - 1))) length -= 1
  return length < minShared ? 0 : length
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}
