import {
  anyKind,
  booleanKind,
  checkOptions,
  choiceKind,
  describeShortLife,
  durationKind,
  type OptionTable,
  toMs,
} from '@larder/core'
import { defaults } from '../contracts/options'
import type { RouteRule, Scope } from '../contracts/route-rule'
import type { Warn } from '../warner'
import { nameOption, type RuleFunctions, resolveFunctions } from './rule-functions'
import { bodySizeKind, nameListKind, statusListKind } from './rule-option-kinds'

/** A complete and validated rule: durations in ms, field names in lower case. */
export interface ResolvedRule extends RuleFunctions {
  readonly scope: Scope
  /** The rule has `scope: 'public'`: all users share the response, even those with credentials. */
  readonly isExplicitlyPublic: boolean
  readonly vary: readonly string[]
  readonly query: readonly string[] | undefined
  /** The options that decide who may share a response, as text: responses stored under other options are not found. */
  readonly sharing: string
  readonly statuses: ReadonlySet<number>
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  readonly allowRefresh: boolean
  readonly allowSetCookie: boolean
  readonly maxBodySize: number
  readonly cdnTtl: number | undefined
  readonly clientTtl: number | undefined
}

/** The options of a rule. Those that may be functions are checked where they are resolved. */
export const ruleOptionTable: OptionTable<RouteRule> = {
  ttl: anyKind,
  scope: choiceKind('public', 'private'),
  vary: nameListKind("['accept-language']"),
  query: nameListKind("['page']"),
  key: anyKind,
  tags: anyKind,
  cacheIf: anyKind,
  statuses: statusListKind,
  staleWhileRevalidate: durationKind,
  staleIfError: durationKind,
  allowRefresh: booleanKind,
  allowSetCookie: booleanKind,
  maxBodySize: bodySizeKind,
  refreshIf: anyKind,
  invalidates: anyKind,
  cdnTtl: durationKind,
  clientTtl: durationKind,
}

/**
 * Merges a route's options with the defaults for all routes.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` naming the route and the option.
 */
export function resolveRule(
  route: string,
  ownOptions: RouteRule,
  shared: RouteRule,
  warn: Warn,
): ResolvedRule {
  checkOptions(`routes['${route}']`, ownOptions, ruleOptionTable)
  const options = { ...shared, ...ownOptions }
  const toWindow = (name: 'staleWhileRevalidate' | 'staleIfError') =>
    toMs(options[name] ?? defaults[name], nameOption(route, name))
  const toOptionalMs = (name: 'cdnTtl' | 'clientTtl') =>
    options[name] === undefined ? undefined : toMs(options[name], nameOption(route, name))
  return {
    ...resolveFunctions(route, options, warn),
    scope: options.scope ?? defaults.scope,
    isExplicitlyPublic: options.scope === 'public',
    vary: toFieldNames(options.vary),
    query: options.query,
    sharing: describeSharing(options),
    statuses: new Set([200, ...(options.statuses ?? [])]),
    staleWhileRevalidate: toWindow('staleWhileRevalidate'),
    staleIfError: toWindow('staleIfError'),
    allowRefresh: options.allowRefresh ?? defaults.allowRefresh,
    allowSetCookie: options.allowSetCookie ?? defaults.allowSetCookie,
    maxBodySize: options.maxBodySize ?? defaults.maxBodySize,
    cdnTtl: toOptionalMs('cdnTtl'),
    clientTtl: toOptionalMs('clientTtl'),
  }
}

/** HTTP counts in seconds, so a bare number is often meant so. */
export function warnOfShortLives(route: string, rule: RouteRule, warn: Warn): void {
  for (const name of ['ttl', 'staleWhileRevalidate', 'staleIfError', 'cdnTtl', 'clientTtl'] as const) {
    const problem = describeShortLife(rule[name])
    if (problem !== undefined) warn(`${nameOption(route, name)}:`, problem)
  }
}

const toFieldNames = (names: readonly string[] = []) => names.map((name) => name.toLowerCase())

/** Empty for a rule without any of these options, so that usual keys are short. */
function describeSharing({ scope, vary, query, allowSetCookie }: RouteRule): string {
  const text = JSON.stringify({
    scope,
    vary: vary?.length ? toFieldNames(vary).sort() : undefined,
    query: query && [...query].sort(),
    allowSetCookie: allowSetCookie || undefined,
  })
  return text === '{}' ? '' : text
}
