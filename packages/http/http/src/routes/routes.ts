import { LarderError } from '@larder/core'
import { parse } from 'regexparam'
import type { RouteRule, Routes } from '../options'
import { type Rule, resolveRule } from './rule'

/** A route and what its pattern took from the path. */
export interface Match {
  /** The pattern, for telling routes apart. */
  readonly route: string
  /** Undefined where the cache is kept away. */
  readonly rule: Rule | undefined
  readonly params: Readonly<Record<string, string>>
}

interface Route {
  readonly name: string
  readonly method: string | undefined
  readonly pattern: RegExp
  readonly keys: readonly string[]
  readonly rule: Rule | undefined
}

const entry = /^(?:([A-Za-z]+) )?(\/.*|\*)$/

/**
 * Finds the rule for a request. Patterns match without regard to case and to a slash at the end, as routers may: a path
 * that a router takes for a private route must not count as another one here.
 * @throws LarderError `BAD_OPTION` for patterns and rules that cannot be meant.
 */
export function createRoutes(table: Routes<never>, shared: RouteRule) {
  const routes: readonly Route[] = Object.entries(table as Routes).map(([name, rule]) => ({
    name,
    ...patternOf(name),
    rule: rule === false ? undefined : resolveRule(name, rule, shared),
  }))
  const fallback: Match = { route: '', rule: resolveRule('*', {}, shared), params: {} }

  return {
    rules: [...routes, { rule: fallback.rule }].flatMap(({ rule }) => (rule === undefined ? [] : [rule])),

    match(method: string, path: string): Match {
      if (routes.length === 0) return fallback
      const plain = unescaped(path)
      for (const { name, method: own, pattern, keys, rule } of routes) {
        if (own !== undefined && own !== method && !(own === 'GET' && method === 'HEAD')) continue
        const found = pattern.exec(plain)
        if (found === null) continue
        return { route: name, rule, params: paramsOf(keys, found) }
      }
      return fallback
    },
  }
}

export type RouteTable = ReturnType<typeof createRoutes>

function patternOf(name: string): Pick<Route, 'method' | 'pattern' | 'keys'> {
  const match = entry.exec(name)
  if (match === null)
    throw new LarderError(
      'BAD_OPTION',
      `routes: "${name}" is no route. Write a path such as '/jobs/:id', or a method and a path such as 'POST /jobs'.`,
    )
  const [, method, path = '*'] = match
  return { method: method?.toUpperCase(), ...parse(path) }
}

/** Decodes what may be written either way (RFC 3986 §6.2.2.2): `/%61ccount` is `/account` to many routers. */
function unescaped(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code
  })
}

function paramsOf(keys: readonly string[], found: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key, at) => (found[at + 1] === undefined ? [] : [[key, decoded(found[at + 1])]])),
  )
}

function decoded(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
