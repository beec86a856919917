import { LarderError } from '@larder/core'
import type { RouteRule } from '../contracts/route-rule'
import type { Warn } from '../warner'
import { type PathPattern, parsePattern } from './path-pattern'
import { type ResolvedRule, resolveRule } from './resolve-rule'
import { checkRouteMethod, type Side, sidesOf } from './route-sides'

/** One entry of `routes`. */
export interface Route extends PathPattern {
  /** As the application wrote it. */
  readonly name: string
  readonly method: string | undefined
  /** The kinds of requests that the rule is for. */
  readonly sides: readonly Side[]
  /** Undefined if the route is excluded from caching. */
  readonly rule: ResolvedRule | undefined
  /** For paths that are spelled otherwise than the pattern: the rule without what it permits. */
  readonly cautiousRule: ResolvedRule | undefined
}

/** A path, with an optional method before it. */
const routeSyntax = /^(?:([A-Za-z]+) )?(\/.*|\*)$/s

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` for a malformed pattern or rule. */
export function createRoute(name: string, rule: RouteRule | false, shared: RouteRule, warn: Warn): Route {
  const match = routeSyntax.exec(name)
  if (match === null)
    throw new LarderError(
      'BAD_OPTION',
      `routes: a route must be a path such as '/jobs/:id', or a method and a path such as 'POST /jobs'; got "${name}".`,
    )
  const [, writtenMethod, path = '*'] = match
  const method = writtenMethod?.toUpperCase()
  checkRouteMethod(name, method, rule)
  return {
    name,
    method,
    ...parsePattern(name, path),
    sides: sidesOf(method, rule),
    rule: rule === false ? undefined : resolveRule(name, rule, shared, warn),
    cautiousRule:
      rule === false ? undefined : resolveRule(name, withoutPermissions(rule, shared), shared, warn),
  }
}

/**
 * The rule for a path that some routers take for one of this route, and others for one of another route: it restricts as
 * the route's rule does, and lets requests share a response only as far as the defaults for every route do.
 */
function withoutPermissions(rule: RouteRule, shared: RouteRule): RouteRule {
  return {
    ...rule,
    scope: rule.scope === 'public' ? shared.scope : (rule.scope ?? shared.scope),
    query: undefined,
    allowSetCookie: shared.allowSetCookie && (rule.allowSetCookie ?? true),
  }
}
