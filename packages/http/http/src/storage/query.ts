import { pathOf, queryOf } from './target'

/** Names that every parser of queries reads alike: without escapes, brackets and dots. */
const plainName = /^[\w~-]+$/

/** Parsers of frameworks stop after a thousand pairs or earlier, and count empty ones. */
const maxPairs = 100

/** Path and query; if a rule lists parameters, only those, sorted by name. */
export function keyedTarget(target: string, parameters: readonly string[] | undefined): string {
  if (parameters === undefined) return target
  const query = queryOf(target)
  const pairs = plainPairs(query)
  // Two question marks keep it apart from a list that looks like it.
  if (pairs === undefined) return `${pathOf(target)}??${query}`
  const kept = pairs.filter(([name]) => parameters.includes(name)).sort(([a], [b]) => compareText(a, b))
  return `${pathOf(target)}?${kept.map(([, pair]) => pair).join('&')}`
}

/** Whether every parser reads the query alike, whatever it makes of repeated names. */
export function hasUniqueNames(query: string): boolean {
  const pairs = plainPairs(query)
  return pairs !== undefined && new Set(pairs.map(([name]) => name)).size === pairs.length
}

/**
 * The pairs of a query as they stand, each with its name. Undefined for a query that the handler's parser may read
 * differently from others.
 */
function plainPairs(query: string): (readonly [name: string, pair: string])[] | undefined {
  if (query === '') return []
  const pairs = query.split('&').map((pair) => [pair.split('=', 1)[0] ?? '', pair] as const)
  const isPlain =
    pairs.length <= maxPairs &&
    !/[#;]/.test(query) &&
    pairs.every(([name]) => plainName.test(name)) &&
    isWellEncoded(query)
  return isPlain ? pairs : undefined
}

/** Malformed escapes become U+FFFD for some parsers, and stay as they are for others. */
function isWellEncoded(query: string): boolean {
  if (!query.includes('%')) return true
  try {
    decodeURIComponent(query)
    return true
  } catch {
    return false
  }
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b))
