import { type Directives, parseDirectives } from '../fields/directives'
import { type Fields, fieldValue, membersOf } from '../fields/fields'
import { targetedDirectives } from '../fields/targeted'

/** The status and the fields of a response. */
export interface ResponseHead {
  readonly status: number
  readonly fields: Fields
}

/** What a response says to this cache. */
export interface Terms {
  readonly directives: Directives
  /** Said to caches like this one alone: then `Cache-Control` and `Expires` say nothing to it (RFC 9213 §2.2). */
  readonly isTargeted: boolean
  /** Fields that are not for the store: those named in `no-cache="…"` and `private="…"` (RFC 9111 §5.2.2.4, §5.2.2.7). */
  readonly withheld: ReadonlySet<string>
}

export function termsOf({ fields }: ResponseHead, targets: readonly string[]): Terms {
  const targeted = targetedDirectives(fields, targets)
  const directives = targeted ?? parseDirectives(fieldValue(fields, 'cache-control'))
  const named = ['no-cache', 'private'].flatMap((name) => membersOf(directives.get(name)))
  return { directives, isTargeted: targeted !== undefined, withheld: new Set(named) }
}

/** Whether a directive stands without naming fields: then it is about the whole response. */
export function says({ directives }: Terms, name: 'no-cache' | 'private'): boolean {
  return directives.has(name) && membersOf(directives.get(name)).length === 0
}

/** Whether a response is kept for everybody or for one user: RFC 9111 calls such caches shared and private. */
export type Scope = 'public' | 'private'
