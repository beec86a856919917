import { type Directives, parseDirectives } from '../fields/directives'
import { type Fields, fieldValue, listMembers } from '../fields/fields'
import { targetedDirectives } from '../fields/targeted-directives'

/** Status and fields of a response. */
export interface ResponseHead {
  readonly status: number
  readonly fields: Fields
}

/** The caching directives of a response that apply to this cache. */
export interface Terms {
  readonly directives: Directives
  /** The directives are from a targeted field: `Cache-Control` and `Expires` are then ignored (RFC 9213 §2.2). */
  readonly isTargeted: boolean
  /** Fields that must not be stored: those listed in `no-cache="…"` and `private="…"` (RFC 9111 §5.2.2.4, §5.2.2.7). */
  readonly excludedFields: ReadonlySet<string>
}

export function parseTerms({ fields }: ResponseHead, targets: readonly string[]): Terms {
  const targeted = targetedDirectives(fields, targets)
  const directives = targeted ?? parseDirectives(fieldValue(fields, 'cache-control'))
  const excluded = ['no-cache', 'private'].flatMap((name) => listMembers(directives.get(name)))
  return { directives, isTargeted: targeted !== undefined, excludedFields: new Set(excluded) }
}

/** Whether a directive is present in its unqualified form, which applies to the whole response (RFC 9111 §5.2.2.4). */
export function hasUnqualified({ directives }: Terms, name: 'no-cache' | 'private'): boolean {
  return directives.has(name) && listMembers(directives.get(name)).length === 0
}
