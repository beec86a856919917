import { type InnerList, type Item, parseList } from 'structured-headers'
import { type Fields, fieldValue } from '../fields/fields'

/** Methods that are registered as safe: they change nothing on the origin (RFC 9110 §9.2.1, §16.1.1). */
const safeMethods = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PRI',
  'PROPFIND',
  'QUERY',
  'REPORT',
  'SEARCH',
  'TRACE',
])

export function isSafeMethod(method: string): boolean {
  return safeMethods.has(method)
}

/** Whether a status is a non-error one, so that an unsafe request invalidates (RFC 9111 §4.4). */
export function isNonErrorStatus(status: number): boolean {
  return status >= 200 && status < 400
}

/** Targets named by `Location` and `Content-Location`, if they are of the same origin (RFC 9111 §4.4). */
export function changedTargets(fields: Fields, origin: string, target: string): string[] {
  return ['location', 'content-location'].flatMap((name) => {
    const reference = fieldValue(fields, name)
    const url = reference === undefined ? undefined : resolveReference(reference, origin + target)
    return url?.origin === origin ? [url.pathname + url.search] : []
  })
}

function resolveReference(reference: string, base: string): URL | undefined {
  try {
    return new URL(reference, base)
  } catch {
    return undefined
  }
}

/**
 * The cache groups in one of the fields of RFC 9875 §2 and §3, each a list of strings. Empty if the field is malformed.
 */
export function parseGroups(fields: Fields, name: 'cache-groups' | 'cache-group-invalidation'): string[] {
  try {
    return parseList(fieldValue(fields, name) ?? '').flatMap(([member]: Item | InnerList) =>
      typeof member === 'string' ? [member] : [],
    )
  } catch {
    return []
  }
}
