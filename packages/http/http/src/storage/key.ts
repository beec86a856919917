import type { RuleRequest } from '../contracts/route-rule'
import type { Selector } from '../fields/vary'
import type { ResolvedRule } from '../routes/resolve-rule'
import { pathOf } from './target'

/** The parts as JSON, which is injective: different lists of parts give different keys. */
const encodeKey = (...parts: readonly unknown[]) => JSON.stringify(parts)

/** The usual key. The length prefixes keep the parts apart as reliably as JSON, in a fifth of the time. */
const encodePlainKey = (origin: string, target: string) =>
  `${origin.length},${target.length} ${origin}${target}`

/** Normalises `Host`: lower case, without the scheme's default port and without a trailing dot. */
export function normaliseHost(host: string, scheme: string): string {
  const port = scheme === 'https' ? ':443' : ':80'
  const name = host.trim().toLowerCase()
  const bare = name.endsWith(port) ? name.slice(0, -port.length) : name
  return bare.replace(/\.(?=$|:\d+$)/, '')
}

/** The key of the requested resource, without its variants: the primary cache key of RFC 9111 §2. */
export function makePrimaryKey(
  request: RuleRequest,
  rule: ResolvedRule,
  origin: string,
  user: string | undefined,
): string {
  const { key } = rule
  const rewrites = collectRewrites(request)
  const isPlain = key === undefined && user === undefined && rewrites.length === 0
  if (isPlain) return encodePlainKey(origin, keyedTarget(request, rule))
  const resource = key === undefined ? keyedTarget(request, rule) : [key(request)]
  return encodeKey(origin, resource, user ?? null, ...rewrites)
}

/** Fields by which frameworks and proxies override host, scheme or path. Handlers do not list them in `Vary`. */
const rewritingFields = [
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-host',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
]

/**
 * The values of those fields. As part of the key they prevent cache poisoning: only equal requests share a response.
 */
function collectRewrites({ headers }: RuleRequest): string[] {
  const rewrites: string[] = []
  for (const name of rewritingFields) {
    const value = headers.get(name)
    if (value !== null) rewrites.push(`${name}: ${value}`)
  }
  rewrites.push(...(headers.get('forwarded')?.match(/(?:host|proto)=[^;,]*/gi) ?? []))
  return rewrites
}

/** The key of a variant of the resource, or of a variant within a variant. */
export function makeVariantKey(parent: string, selectors: readonly Selector[]): string {
  return parent + encodeKey(...selectors)
}

/** Path and query; if the rule lists parameters, only those, sorted by name. */
function keyedTarget(request: RuleRequest, rule: ResolvedRule): string {
  if (rule.query === undefined) return request.target
  const allowed = new Set(rule.query)
  const kept = new URLSearchParams([...request.query].filter(([name]) => allowed.has(name)))
  kept.sort()
  return `${pathOf(request.target)}?${kept}`
}
