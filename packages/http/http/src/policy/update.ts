import { stronglyEqual, weaklyEqual } from '../fields/entity-tag'
import { endToEnd, type Fields, fieldValue, replaced, without } from '../fields/fields'

/** Fields that describe the stored body as it is, whatever a response without a body says (RFC 9111 §3.2). */
const boundToBody = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'content-md5',
])

/** The fields of a stored response after a 304 or the answer to a HEAD (RFC 9111 §3.2). */
export function updatedFields(stored: Fields, news: Fields): Fields {
  return replaced(stored, without(endToEnd(news), boundToBody))
}

/** Whether a 304 is about the stored response (RFC 9111 §4.3.4): one with another validator says nothing about it. */
export function isAbout(stored: Fields, news: Fields): boolean {
  const theirs = fieldValue(news, 'etag')
  const own = fieldValue(stored, 'etag')
  if (theirs === undefined || own === undefined) return true
  return theirs.startsWith('W/') ? weaklyEqual(theirs, own) : stronglyEqual(theirs, own)
}
