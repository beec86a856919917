import { type Directives, parseDirectives } from '../fields/directives'
import { type Fields, fieldValue } from '../fields/fields'
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
}

export function termsOf({ fields }: ResponseHead, targets: readonly string[]): Terms {
  const targeted = targetedDirectives(fields, targets)
  return {
    directives: targeted ?? parseDirectives(fieldValue(fields, 'cache-control')),
    isTargeted: targeted !== undefined,
  }
}

/** Whether a response is kept for everybody or for one user: RFC 9111 calls such caches shared and private. */
export type Scope = 'public' | 'private'
