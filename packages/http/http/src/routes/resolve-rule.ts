import { type Duration, LarderError, toMs } from '@larder/core'
import { defaults } from '../contracts/options'
import type { RouteRule, RuleResponse, Scope } from '../contracts/route-rule'

/** A complete and validated rule: durations in ms, field names in lower case. */
export interface ResolvedRule {
  readonly ttl: ((response: RuleResponse) => number) | undefined
  readonly scope: Scope
  /** The rule has `scope: 'public'`: all users share the response, even those with credentials. */
  readonly isExplicitlyPublic: boolean
  readonly vary: readonly string[]
  readonly query: readonly string[] | undefined
  readonly key: RouteRule['key']
  readonly tags: RouteRule['tags']
  readonly cacheIf: RouteRule['cacheIf']
  readonly statuses: ReadonlySet<number>
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  readonly allowRefresh: boolean
  readonly allowSetCookie: boolean
  readonly maxBodySize: number
  readonly invalidates: RouteRule['invalidates']
  readonly cdnTtl: number | undefined
}

const ruleOptions = {
  ttl: true,
  scope: true,
  vary: true,
  query: true,
  key: true,
  tags: true,
  cacheIf: true,
  statuses: true,
  staleWhileRevalidate: true,
  staleIfError: true,
  allowRefresh: true,
  allowSetCookie: true,
  maxBodySize: true,
  invalidates: true,
  cdnTtl: true,
} satisfies Record<keyof RouteRule, true>

/** The names of all options of a rule, sorted. */
export const ruleOptionNames: readonly string[] = Object.keys(ruleOptions).sort()

/**
 * Merges a route's options with the defaults for all routes.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` naming the route and the option.
 */
export function resolveRule(route: string, ownOptions: RouteRule, shared: RouteRule): ResolvedRule {
  const unknown = Object.keys(ownOptions).find((name) => !ruleOptionNames.includes(name))
  if (unknown !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `routes['${route}'] has no option "${unknown}". Its options are: ${ruleOptionNames.join(', ')}.`,
    )
  const options = { ...shared, ...ownOptions }
  const toWindow = (name: 'staleWhileRevalidate' | 'staleIfError') =>
    toMs(options[name] ?? defaults[name], name)
  return {
    ttl: resolveTtl(options.ttl),
    scope: checkScope(route, options.scope),
    isExplicitlyPublic: options.scope === 'public',
    vary: (options.vary ?? []).map((name) => name.toLowerCase()),
    query: options.query,
    key: options.key,
    tags: options.tags,
    cacheIf: options.cacheIf,
    statuses: new Set([200, ...(options.statuses ?? [])]),
    staleWhileRevalidate: toWindow('staleWhileRevalidate'),
    staleIfError: toWindow('staleIfError'),
    allowRefresh: options.allowRefresh ?? defaults.allowRefresh,
    allowSetCookie: options.allowSetCookie ?? defaults.allowSetCookie,
    maxBodySize: options.maxBodySize ?? defaults.maxBodySize,
    invalidates: options.invalidates,
    cdnTtl: options.cdnTtl === undefined ? undefined : toMs(options.cdnTtl, 'cdnTtl'),
  }
}

function resolveTtl(ttl: RouteRule['ttl']): ResolvedRule['ttl'] {
  if (ttl === undefined) return undefined
  if (typeof ttl === 'function') return (response) => toMs(ttl(response), 'ttl')
  const ms = toMs(ttl as Duration, 'ttl')
  return () => ms
}

function checkScope(route: string, scope: Scope = defaults.scope): Scope {
  if (scope === 'public' || scope === 'private') return scope
  throw new LarderError(
    'BAD_OPTION',
    `routes['${route}']: scope must be 'public' or 'private'; got '${String(scope)}'.`,
  )
}
