/** The directives of a `Cache-Control` field by name. */
export type Directives = ReadonlyMap<string, string | undefined>

const none: Directives = new Map()

/** What 32 bits hold: greater numbers mean "for ever" (RFC 9111 §1.2.2). */
const forEver = 2 ** 31

/** `name`, `name=token` or `name="quoted"`, between commas. Whatever else stands there is no directive. */
const directive =
  /\s*([^\s,;="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:,|$)|"(?:[^"\\]|\\.)*"|[^,"]+|,/gy

/**
 * Parses a `Cache-Control` field. Where a directive is repeated with different values, the one that keeps the response
 * for the shorter time counts (RFC 9111 §4.2.1).
 */
export function parseDirectives(value: string | undefined): Directives {
  if (value === undefined) return none
  const directives = new Map<string, string | undefined>()
  for (const [, name, quoted, token] of value.matchAll(directive)) {
    if (name === undefined) continue
    const key = name.toLowerCase()
    const argument = quoted ?? token
    const known = directives.get(key)
    directives.set(key, directives.has(key) ? shorter(known, argument) : argument)
  }
  return directives
}

/**
 * The seconds of a directive: undefined where it is missing. What is not a number counts as 0, so that a response with
 * invalid freshness is stale (RFC 9111 §4.2.1).
 */
export function secondsOf(directives: Directives, name: string): number | undefined {
  if (!directives.has(name)) return undefined
  return parseSeconds(directives.get(name)) ?? 0
}

/** A whole number of seconds; undefined for anything else. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Math.min(Number(text), forEver)
}

function shorter(a: string | undefined, b: string | undefined): string | undefined {
  return (parseSeconds(a) ?? 0) <= (parseSeconds(b) ?? 0) ? a : b
}
