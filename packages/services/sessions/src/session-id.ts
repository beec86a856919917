import { hash, randomBytes } from 'node:crypto'
import { describeValue, LarderError } from '@larder/core'

/** Longer ids are those of nobody. */
const longestId = 256

/** Of an id, of which OWASP asks for 8 at least. */
const idBytes = 24
/** Random bytes are drawn for so many ids at once, since each draw costs as much as all else that an id needs. */
const idsPerDraw = 128

/** Of a handle, in characters. */
export const handleLength = 22

let drawn = Buffer.alloc(0)
let taken = 0

/** A new id of 192 random bits. */
export function createId(): string {
  if (taken === drawn.length) {
    drawn = randomBytes(idBytes * idsPerDraw)
    taken = 0
  }
  const bytes = drawn.subarray(taken, taken + idBytes)
  taken += idBytes
  const id = bytes.toString('base64url')
  bytes.fill(0)
  return id
}

/** The public name of a session, from which nobody finds its id: 132 bits of SHA-256. */
export function handleOf(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, handleLength)
}

/** Whether a session may have this id. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= longestId
}

/** Whether a text comes back from UTF-8 as it was: it has no half of a surrogate pair. */
export function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** Whether a session may have this handle. */
export function isHandle(handle: string): boolean {
  return handle.length === handleLength && /^[\w-]+$/.test(handle)
}

/**
 * An empty user would be one user for everybody that has none. Half of a surrogate pair has no form in UTF-8: users that
 * differ in it would be one.
 * @throws LarderError `BAD_ARGUMENT`
 */
export function requireUser(caller: string, user: unknown): string {
  if (typeof user === 'string' && user !== '' && isUnicode(user)) return user
  throw new LarderError(
    'BAD_ARGUMENT',
    `${caller}: user must be a text that is not empty, such as 'user:42', of whole Unicode characters; got ${describeValue(user)}.`,
  )
}
