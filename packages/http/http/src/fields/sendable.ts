import type { Fields } from './fields'

/** A token of RFC 9110 §5.6.2. */
const namePattern = /^[\w!#$%&'*+.^`|~-]+$/

/** Visible characters, spaces, tabs and obs-text (RFC 9110 §5.5): neither line breaks nor other controls. */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether a message with these fields and a body of `length` bytes is well-formed, so that no server refuses it. */
export function isSendable(fields: Fields, length: number): boolean {
  return fields.every(
    ([name, value]) =>
      namePattern.test(name) &&
      valuePattern.test(value) &&
      (name !== 'content-length' || value === String(length)),
  )
}
