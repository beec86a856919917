import { type InnerList, type Item, parseList } from 'structured-headers'
import { type Fields, fieldValue } from '../fields/fields'

/** Methods that change nothing (RFC 9110 §9.2.1). */
const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export function isSafe(method: string): boolean {
  return safe.has(method)
}

/** Whether the answer to an unsafe method says that it was done (RFC 9111 §4.4). */
export function isDone(status: number): boolean {
  return status >= 200 && status < 400
}

/** Other resources of the same origin that a successful unsafe request has changed, as targets (RFC 9111 §4.4). */
export function changedTargets(fields: Fields, origin: string, target: string): string[] {
  return ['location', 'content-location'].flatMap((name) => {
    const reference = fieldValue(fields, name)
    const url = reference === undefined ? undefined : resolve(reference, origin + target)
    return url?.origin === origin ? [url.pathname + url.search] : []
  })
}

function resolve(reference: string, base: string): URL | undefined {
  try {
    return new URL(reference, base)
  } catch {
    return undefined
  }
}

/** The groups a response belongs to, or ends: a list of strings (RFC 9875 §2, §3). */
export function groupsOf(fields: Fields, name: 'cache-groups' | 'cache-group-invalidation'): string[] {
  try {
    return parseList(fieldValue(fields, name) ?? '').flatMap(([member]: Item | InnerList) =>
      typeof member === 'string' ? [member] : [],
    )
  } catch {
    return []
  }
}
