import { LarderError } from '@larder/core'
import { parse } from 'regexparam'
import type { RouteRule, Routes } from '../contracts/route-rule'
import { type ResolvedRule, resolveRule } from './resolve-rule'

/** The route of a request, with the parameters from its path. */
interface RouteMatch {
  /** The pattern as the application wrote it; empty if no route matches. */
  readonly route: string
  /** Undefined if the route is excluded from caching. */
  readonly rule: ResolvedRule | undefined
  readonly params: Readonly<Record<string, string>>
}

interface Route {
  readonly name: string
  readonly method: string | undefined
  readonly pattern: RegExp
  readonly keys: readonly string[]
  readonly rule: ResolvedRule | undefined
}

/** A path, with an optional method before it. */
const routeSyntax = /^(?:([A-Za-z]+) )?(\/.*|\*)$/

/**
 * Finds the rule of a request. Patterns ignore case and a trailing slash, as routers may do: a path that the router
 * serves by a private route must not match a public rule here.
 * @throws LarderError `BAD_OPTION` for a malformed pattern or rule.
 */
export function createRouteTable(table: Routes<never>, shared: RouteRule) {
  const routes: readonly Route[] = Object.entries(table as Routes).map(([name, rule]) => ({
    name,
    ...parseRoute(name),
    rule: rule === false ? undefined : resolveRule(name, rule, shared),
  }))
  const fallback: RouteMatch = { route: '', rule: resolveRule('*', {}, shared), params: {} }

  return {
    rules: [...routes, { rule: fallback.rule }].flatMap(({ rule }) => (rule === undefined ? [] : [rule])),

    /** The first route that matches. A route for GET also matches HEAD. */
    matchRoute(method: string, path: string): RouteMatch {
      if (routes.length === 0) return fallback
      const plain = decodeUnreserved(path)
      for (const { name, method: routeMethod, pattern, keys, rule } of routes) {
        const isHeadOfGet = routeMethod === 'GET' && method === 'HEAD'
        if (routeMethod !== undefined && routeMethod !== method && !isHeadOfGet) continue
        const match = pattern.exec(plain)
        if (match === null) continue
        return { route: name, rule, params: extractParams(keys, match) }
      }
      return fallback
    },
  }
}

export type RouteTable = ReturnType<typeof createRouteTable>

function parseRoute(name: string): Pick<Route, 'method' | 'pattern' | 'keys'> {
  const match = routeSyntax.exec(name)
  if (match === null)
    throw new LarderError(
      'BAD_OPTION',
      `routes: a route must be a path such as '/jobs/:id', or a method and a path such as 'POST /jobs'; got "${name}".`,
    )
  const [, method, path = '*'] = match
  return { method: method?.toUpperCase(), ...parse(path) }
}

/** Decodes needless escapes (RFC 3986 §6.2.2.2): to many routers `/%61ccount` is `/account`. */
function decodeUnreserved(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code
  })
}

function extractParams(keys: readonly string[], match: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key, index) => {
      const value = match[index + 1]
      return value === undefined ? [] : [[key, decodeParam(value)]]
    }),
  )
}

/** The text itself if its escapes are malformed. */
function decodeParam(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
