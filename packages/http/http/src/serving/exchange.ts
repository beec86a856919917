import type { Cache } from '@larder/core'
import type { Handler } from '../contracts/handler'
import type { RuleRequest } from '../contracts/route-rule'
import type { Directives } from '../fields/directives'
import type { FieldGroups } from '../fields/field-groups'
import type { StoredResponse } from '../policy/stored-response'
import type { ResolvedRule } from '../routes/resolve-rule'

/** One parsed request with its rule, its handler and its key. */
export interface Exchange {
  readonly request: RuleRequest
  /** The groups of which the request may have a field. */
  readonly fieldGroups: FieldGroups
  readonly handler: Handler
  readonly rule: ResolvedRule
  readonly route: string
  /** The responses, whose reads are counted as those of the route. */
  readonly responses: ResponseCache
  /** Scheme and host. */
  readonly origin: string
  /** The key of the resource, without variants; empty for an unsafe request. */
  readonly primaryKey: string
  /** The user whose response it is; undefined on routes that are not private. */
  readonly user: string | undefined
  /** The request says who sends it, by a field or by the option `user`: its response may be meant for one user. */
  readonly hasCredentials: boolean
  /** The rule's `refreshIf` asks for a new response. */
  readonly mustRefresh: boolean
  readonly requestDirectives: Directives
}

/** The namespace of the cache that holds responses. */
export type ResponseCache = Cache<StoredResponse | undefined>
