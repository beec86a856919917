import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'

const encoder = new TextEncoder()

/** What one byte can say, so that forged bytes cannot become tags of more than so many times their size. */
const mostShared = 255
/** To say it takes that byte, so less than this is not worth it. */
const leastShared = 2

/** Bytes that tags may take. */
export function roomForTags(tags: readonly string[]): number {
  return tags.reduce((sum, tag) => sum + 3 * tag.length + 4, 8)
}

/**
 * Writes how many tags there are, and each without what it shares with the one before it: the ancestors of a tag are its
 * beginnings. The lowest bit of the length says whether there is such a part; then a byte says how many characters it has.
 */
export function writeTags(out: ByteWriter, tags: readonly string[]): void {
  let previous = ''
  out.varint(tags.length)
  for (const tag of tags) {
    const shared = sharedBeginning(previous, tag)
    const rest = encoder.encode(tag.slice(shared))
    out.varint(rest.length * 2 + (shared > 0 ? 1 : 0))
    if (shared > 0) out.byte(shared)
    out.put(rest)
    previous = tag
  }
}

/** Reads what {@link writeTags} wrote. A forged count runs into the end of the bytes; it does not reserve memory. */
export function readTags(input: ByteReader): readonly string[] {
  const count = input.varint()
  const tags: string[] = []
  let previous = ''
  for (let at = 0; at < count; at += 1) {
    const written = input.varint()
    const shared = written % 2 === 0 ? 0 : input.byte()
    previous = previous.slice(0, shared) + input.text(Math.floor(written / 2))
    tags.push(previous)
  }
  return tags
}

/** How many characters both begin with, if it is worth saying. Half of a surrogate pair has no UTF-8 form, so none is cut. */
function sharedBeginning(previous: string, tag: string): number {
  const most = Math.min(previous.length, tag.length, mostShared)
  let at = 0
  while (at < most && previous.charCodeAt(at) === tag.charCodeAt(at)) at += 1
  if (isHighSurrogate(tag.charCodeAt(at - 1))) at -= 1
  return at < leastShared ? 0 : at
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}
