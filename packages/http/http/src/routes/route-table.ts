import type { RouteRule, Routes } from '../contracts/route-rule'
import { isSafeMethod } from '../policy/invalidation'
import type { Warn } from '../warner'
import { decodeText, isUsualPath, readingsOf } from './path-readings'
import { checkReachable } from './reachable-routes'
import { type ResolvedRule, resolveRule, warnOfShortLives } from './resolve-rule'
import { createRoute, type Route } from './route'

/** The route of a request, with the parameters from its path. */
export interface RouteMatch {
  /** The pattern as the application wrote it; empty if no route matches. */
  readonly route: string
  /** Undefined if the route is excluded from caching. */
  readonly rule: ResolvedRule | undefined
  readonly params: Readonly<Record<string, string>>
  /** The path is spelled as the pattern is, so that the parameters say everything about it. */
  readonly isExact: boolean
}

/** For a path that routers may take for one of several routes: no rule is certain. */
const ambiguous: RouteMatch = { route: '', rule: undefined, params: {}, isExact: false }

/**
 * Finds the rule of a request: the first that matches among those with its method, then among those without a method.
 * Where a path can be read in several ways that are not all of one route, the request bypasses the cache: a path that the
 * router serves by a private route must not match a public rule here.
 * @throws LarderError `BAD_OPTION` for a malformed pattern or rule, and for a rule that can never apply.
 */
export function createRouteTable(table: Routes<never>, shared: RouteRule, warn: Warn) {
  const rules = Object.entries(table as Routes)
  const written = rules.map(([name, rule]) => createRoute(name, rule, shared, warn))
  for (const [name, rule] of [['', shared] as const, ...rules]) if (rule) warnOfShortLives(name, rule, warn)
  const routes = [
    ...written.filter(({ method }) => method !== undefined),
    ...written.filter(({ method }) => method === undefined),
  ]
  checkReachable(routes)
  const reads = routes.filter(({ sides }) => sides.includes('read'))
  const writes = routes.filter(({ sides }) => sides.includes('write'))
  const fallback: RouteMatch = {
    route: '',
    rule: resolveRule('', {}, shared, warn),
    params: {},
    isExact: false,
  }

  function findRoute(method: string, path: string): Route | undefined {
    const candidates = isSafeMethod(method) ? reads : writes
    return candidates.find((route) => hasMethod(route, method) && route.expression.test(path))
  }

  /** `path` is the usual reading of the path as it was `sent`, and `isPlain` if there is no other one. */
  function matchOf(
    route: Route | undefined,
    path: string,
    { sent, isPlain }: { readonly sent: string; readonly isPlain: boolean },
  ): RouteMatch {
    if (route === undefined) return fallback
    const { name, exact } = route
    const isExact = isPlain && exact.test(path)
    const isSpelledAlike = isExact || isSpelledAs(route, sent) || (isPlain && isSpelledAs(route, path))
    const rule = isSpelledAlike ? route.rule : route.cautiousRule
    return { route: name, rule, params: extractParams(route, path), isExact }
  }

  function computeMatch(method: string, path: string): RouteMatch {
    if (isUsualPath(path)) return matchOf(findRoute(method, path), path, { sent: path, isPlain: true })
    const [usual, ...others] = readingsOf(path)
    if (!isSafeMethod(method)) {
      const read = usual ?? path
      return matchOf(findRoute(method, read), read, { sent: path, isPlain: false })
    }
    if (usual === undefined) return ambiguous
    const route = findRoute(method, usual)
    const isCertain = others.every((reading) => findRoute(method, reading) === route)
    if (!isCertain) return ambiguous
    // Escapes that are not necessary spell the path otherwise, although all routers read it alike.
    const isPlain = others.length === 0 && encodeURI(usual) === path
    return matchOf(route, usual, { sent: path, isPlain })
  }

  /** The last match: a request is asked for twice, by `findBypass` and by `handle`. */
  let last = { method: '', path: '', match: fallback }

  return {
    rules: [...routes, { rule: fallback.rule }].flatMap(({ rule }) => (rule === undefined ? [] : [rule])),

    /**
     * The route of a request. A route for GET also matches HEAD. A write always has a route: what it invalidates beyond need
     * only costs misses.
     */
    matchRoute(method: string, path: string): RouteMatch {
      if (method !== last.method || path !== last.path)
        last = { method, path, match: computeMatch(method, path) }
      return last.match
    },
  }
}

export type RouteTable = ReturnType<typeof createRouteTable>

const hasMethod = ({ method }: Route, requested: string) =>
  method === undefined || method === requested || (method === 'GET' && requested === 'HEAD')

/** Whether a path is spelled as the pattern is, but for a slash at the end. */
const isSpelledAs = ({ exact }: Route, path: string) => exact.test(path.replace(/(?<=.)\/$/, ''))

function extractParams({ expression, names }: Route, path: string): Record<string, string> {
  if (names.length === 0) return {}
  const values = expression.exec(path)?.slice(1) ?? []
  return Object.fromEntries(names.map((name, index) => [name, decodeText(values[index] ?? '')]))
}
