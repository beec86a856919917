import { type Duration, LarderError, toMs } from '@larder/core'
import { defaults, type RouteRule, type RuleResponse } from '../options'
import type { Scope } from '../policy/terms'

/** A rule in force: complete, checked, durations in ms, names in lower case. */
export interface Rule {
  readonly ttl: ((response: RuleResponse) => number) | undefined
  readonly scope: Scope
  /** The application has said that everybody gets the same, also those who say who they are. */
  readonly isForEverybody: boolean
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

const ruleNames: ReadonlySet<string> = new Set<keyof RouteRule>([
  ...([
    'ttl',
    'scope',
    'vary',
    'query',
    'key',
    'tags',
    'cacheIf',
    'statuses',
    'staleWhileRevalidate',
  ] as const),
  ...(['staleIfError', 'allowRefresh', 'allowSetCookie', 'maxBodySize', 'invalidates', 'cdnTtl'] as const),
])

/** The names of all rule options. */
export const ruleOptions = [...ruleNames].sort()

/**
 * Puts a route's options over the defaults for all routes.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` naming the route and the option.
 */
export function resolveRule(route: string, own: RouteRule, shared: RouteRule): Rule {
  const unknown = Object.keys(own).find((name) => !ruleNames.has(name))
  if (unknown !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `routes['${route}'] knows no option "${unknown}". There are: ${ruleOptions.join(', ')}.`,
    )
  const options = { ...shared, ...own }
  const ms = (name: 'staleWhileRevalidate' | 'staleIfError') => toMs(options[name] ?? defaults[name], name)
  return {
    ttl: ttlOf(options.ttl),
    scope: scopeOf(route, options.scope),
    isForEverybody: options.scope === 'public',
    vary: (options.vary ?? []).map((name) => name.toLowerCase()),
    query: options.query,
    key: options.key,
    tags: options.tags,
    cacheIf: options.cacheIf,
    statuses: new Set([200, ...(options.statuses ?? [])]),
    staleWhileRevalidate: ms('staleWhileRevalidate'),
    staleIfError: ms('staleIfError'),
    allowRefresh: options.allowRefresh ?? defaults.allowRefresh,
    allowSetCookie: options.allowSetCookie ?? defaults.allowSetCookie,
    maxBodySize: options.maxBodySize ?? defaults.maxBodySize,
    invalidates: options.invalidates,
    cdnTtl: options.cdnTtl === undefined ? undefined : toMs(options.cdnTtl, 'cdnTtl'),
  }
}

function ttlOf(ttl: RouteRule['ttl']): Rule['ttl'] {
  if (ttl === undefined) return undefined
  if (typeof ttl === 'function') return (response) => toMs(ttl(response), 'ttl')
  const ms = toMs(ttl as Duration, 'ttl')
  return () => ms
}

function scopeOf(route: string, scope: Scope = defaults.scope): Scope {
  if (scope === 'public' || scope === 'private') return scope
  throw new LarderError(
    'BAD_OPTION',
    `routes['${route}']: scope is 'public' or 'private', not ${String(scope)}.`,
  )
}
