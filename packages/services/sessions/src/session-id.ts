import { createHash, randomBytes } from 'node:crypto'
import { describeValue, LarderError } from '@larder/core'

/** Longer ids are those of nobody. */
const longestId = 256

/** A new id: 192 random bits, of which OWASP asks for 64 at least. */
export function createId(): string {
  return randomBytes(24).toString('base64url')
}

/** The public name of a session, from which nobody finds its id: 128 bits of SHA-256. */
export function handleOf(id: string): string {
  return createHash('sha256').update(id).digest().subarray(0, 16).toString('base64url')
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
  return /^[\w-]{22}$/.test(handle)
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
