import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'
import { copiesDeeply, copiesPlainData } from './copy'
import type { LocalEntry } from './entry'
import { findPart, type Part } from './find-part'
import { hasHiddenState } from './hidden-state'

/**
 * Whether a second reader would find the object empty: a generator or another iterator, a stream, or a request or response
 * with a body.
 */
function isReadOnce(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !hasHiddenState(value)) return false
  const part = value as Readonly<Record<PropertyKey, unknown>>
  const has = (method: PropertyKey) => typeof part[method] === 'function'
  const isIterator = has('next') && (has(Symbol.iterator) || has(Symbol.asyncIterator))
  const isStream = has('getReader') || (has('read') && has('on'))
  return isIterator || isStream || (typeof part.bodyUsed === 'boolean' && part.body !== null)
}

/**
 * The value of an entry, or the part of it, that can be read once: callers cannot share it. Plain data has no such part, and
 * parts that readers share anyway (`isolate: false`) are not looked at.
 */
export function findReadOnce({ value, copy }: LocalEntry): Part | undefined {
  if (copiesPlainData(copy)) return undefined
  try {
    return findPart(value, isReadOnce, copiesDeeply(copy) ? hasHiddenState : () => true)
  } catch {
    // A getter or a proxy that fails: the value is not stored for that reason.
    return undefined
  }
}

export function readOnceError({ path, part }: Part): LarderError {
  return new LarderError(
    'UNSERIALIZABLE_VALUE',
    `${path === '' ? 'it' : `its ${path}`} is ${describeValue(part)}, which can be read once. Return what it gives, such as await response.json() or a list.`,
  )
}
