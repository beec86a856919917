/** The directives of a `Cache-Control` field by name. */
export type Directives = ReadonlyMap<string, string | undefined>

/** Those of a request without any. */
export const noDirectives: Directives = new Map()

/** Larger numbers of seconds are clamped to 2^31 (RFC 9111 §1.2.2). */
const maxSeconds = 2 ** 31

/** `name`, `name=token` or `name="quoted"`, separated by commas. The last three alternatives skip malformed input. */
const directivePattern =
  /\s*([^\s,;="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:,|$)|"(?:[^"\\]|\\.)*"|[^,"]+|,/gy

/**
 * Parses a `Cache-Control` field. Of a directive that is repeated with different values, the shorter lifetime applies
 * (RFC 9111 §4.2.1).
 */
export function parseDirectives(value: string | undefined): Directives {
  if (value === undefined) return noDirectives
  const directives = new Map<string, string | undefined>()
  for (const [, name, quoted, token] of value.matchAll(directivePattern)) {
    if (name === undefined) continue
    const key = name.toLowerCase()
    const argument = quoted ?? token
    const known = directives.get(key)
    directives.set(key, directives.has(key) ? pickShorter(known, argument) : argument)
  }
  return directives
}

/**
 * The seconds of a directive; undefined if the directive is absent. An argument that is not a number counts as 0: a
 * response with invalid freshness is stale (RFC 9111 §4.2.1).
 */
export function secondsOf(directives: Directives, name: string): number | undefined {
  if (!directives.has(name)) return undefined
  return parseSeconds(directives.get(name)) ?? 0
}

/** A whole number of seconds; undefined for anything else. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Math.min(Number(text), maxSeconds)
}

function pickShorter(a: string | undefined, b: string | undefined): string | undefined {
  return (parseSeconds(a) ?? 0) <= (parseSeconds(b) ?? 0) ? a : b
}
