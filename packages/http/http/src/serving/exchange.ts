import type { Cache } from '@larder/core'
import type { Handler } from '../contracts/handler'
import type { RuleRequest } from '../contracts/route-rule'
import type { Directives } from '../fields/directives'
import type { StoredResponse } from '../policy/stored-response'
import type { ResolvedRule } from '../routes/resolve-rule'

/** One parsed request with its rule, its handler and its key. */
export interface Exchange {
  readonly request: RuleRequest
  readonly handler: Handler
  readonly rule: ResolvedRule
  readonly route: string
  /** Scheme and host. */
  readonly origin: string
  /** The key of the resource, without variants. */
  readonly primaryKey: string
  readonly requestDirectives: Directives
}

/** The namespace of the cache that holds responses. */
export type ResponseCache = Cache<StoredResponse | undefined>

/** Whether the request carries credentials, so that its response may be meant for one user. */
export function hasCredentials({ headers }: RuleRequest): boolean {
  return headers.get('authorization') !== null || headers.get('cookie') !== null
}
