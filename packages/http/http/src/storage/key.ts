import type { RuleRequest } from '../contracts/route-rule'
import { digestText } from '../fields/digest-text'
import { type FieldGroups, fieldGroup, mayHave, rewritingFields } from '../fields/field-groups'
import type { Selector } from '../fields/vary'
import type { ResolvedRule } from '../routes/resolve-rule'
import type { RouteMatch } from '../routes/route-table'
import { hasUniqueNames, keyedTarget } from './query'
import { queryOf } from './target'

/** The parts as JSON, which is injective: different lists of parts give different keys. */
const encodeKey = (...parts: readonly unknown[]) => JSON.stringify(parts)

/** The usual key. The length prefixes keep the parts apart as reliably as JSON, in a fifth of the time. */
const encodePlainKey = (origin: string, target: string, sharing: string) =>
  `${origin.length},${target.length} ${origin}${target}${sharing}`

/** The last call of {@link normaliseHost}: most requests to a process are for one host. */
let lastHost = { host: '', scheme: '', normalised: '' }

/** Normalises `Host`: lower case, without the scheme's default port and without a trailing dot. */
export function normaliseHost(host: string, scheme: string): string {
  if (host !== lastHost.host || scheme !== lastHost.scheme)
    lastHost = { host, scheme, normalised: computeNormalised(host, scheme) }
  return lastHost.normalised
}

function computeNormalised(host: string, scheme: string): string {
  const port = scheme === 'https' ? ':443' : ':80'
  const name = host.trim().toLowerCase()
  const bare = name.endsWith(port) ? name.slice(0, -port.length) : name
  return bare.replace(/\.(?=$|:\d+$)/, '')
}

const noCredentials: readonly string[] = []

/** The input of {@link makePrimaryKey}. */
export interface KeyInput {
  readonly request: RuleRequest
  /** The groups of which the request may have a field. */
  readonly fieldGroups: FieldGroups
  readonly match: Pick<RouteMatch, 'route' | 'isExact'>
  readonly rule: ResolvedRule
  readonly origin: string
  /** Undefined on routes that are not private. */
  readonly user: string | undefined
}

/**
 * The key of the requested resource, without its variants: the primary cache key of RFC 9111 §2. Undefined if the rule's
 * own `key` is invalid. `credentials` are digests of the fields by which the request says who sends it, besides the user; see
 * {@link digestCredentials}.
 */
export function makePrimaryKey(
  { request, fieldGroups, match, rule, origin, user }: KeyInput,
  credentials: readonly string[] = noCredentials,
): string | undefined {
  const rewrites = collectRewrites(request, fieldGroups)
  const { sharing } = rule
  if (rule.key === undefined) {
    const target = keyedTarget(request.target, rule.query)
    const isPlain = user === undefined && credentials.length === 0 && rewrites.length === 0
    if (isPlain) return encodePlainKey(origin, target, sharing)
    return encodeKey(origin, target, user ?? null, sharing, ...credentials, ...rewrites)
  }
  const key = rule.key(request)
  if (key === undefined) return undefined
  // Spelled otherwise, the target may say more to the handler than to the function.
  const isPlain = match.isExact && hasUniqueNames(queryOf(request.target))
  const resource = [match.route, key, ...(isPlain ? [] : [request.target])]
  return encodeKey(origin, resource, user ?? null, sharing, ...credentials, ...rewrites)
}

/**
 * The values of {@link rewritingFields}, and that of `Host` where the framework has read another host from it or from elsewhere: a
 * handler may go by either. As part of the key they prevent cache poisoning: only equal requests share a response.
 */
function collectRewrites({ headers, host, scheme }: RuleRequest, groups: FieldGroups): string[] {
  const rewrites: string[] = []
  const named = headers.get('host')
  if (named !== null && named !== host && normaliseHost(named, scheme) !== normaliseHost(host, scheme))
    rewrites.push(`host: ${named}`)
  if (!mayHave(groups, fieldGroup.rewrite)) return rewrites
  for (const name of rewritingFields) {
    const value = headers.get(name)
    if (value !== null) rewrites.push(`${name}: ${value}`)
  }
  rewrites.push(...(headers.get('forwarded')?.match(/(?:host|proto)=[^;,]*/gi) ?? []))
  return rewrites
}

/**
 * The values of credential fields as part of a key: digests, so that no store holds the credentials themselves. Undefined
 * in a runtime without `node:crypto`, where the request bypasses the cache.
 */
export function digestCredentials(
  { headers }: RuleRequest,
  fieldNames: readonly string[],
): readonly string[] | undefined {
  const digests: string[] = []
  for (const name of fieldNames) {
    const value = headers.get(name)
    if (value === null) continue
    const digest = digestText(value)
    if (digest === undefined) return undefined
    digests.push(`${name}: ${digest}`)
  }
  return digests
}

/** The key of a variant of the resource, or of a variant within a variant. */
export function makeVariantKey(parent: string, selectors: readonly Selector[]): string {
  return parent + encodeKey(...selectors)
}
