import type { Cache } from '@larder/core'
import type { Handler } from '../contracts/handler'
import type { Directives } from '../fields/directives'
import type { RuleRequest } from '../options'
import type { StoredResponse } from '../policy/stored-response'
import type { Rule } from '../routes/rule'

/** One request on its way through the cache, and everything known about it. */
export interface Exchange {
  readonly request: RuleRequest
  readonly handler: Handler
  readonly rule: Rule
  readonly route: string
  /** Scheme and host. */
  readonly origin: string
  /** The key of the resource, without variants. */
  readonly primary: string
  /** Directives of the request. */
  readonly asked: Directives
}

/** The cache of responses. */
export type ResponseCache = Cache<StoredResponse | undefined>

/** Fields that make the answer to a request personal, whatever the response says. */
export function isPersonal({ headers }: RuleRequest): boolean {
  return headers.get('authorization') !== null || headers.get('cookie') !== null
}
