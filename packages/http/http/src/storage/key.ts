import { percentEncoded } from '../fields/percent-encoding'
import type { Selector } from '../fields/vary'
import type { RuleRequest } from '../options'
import type { Rule } from '../routes/rule'

/** The parts of a key as JSON: no two lists of parts make the same text. */
const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts)

/** What nearly all keys are made of. The lengths tell the parts apart as surely as JSON does, for a fifth of the time. */
const plainKey = (origin: string, target: string) => `${origin.length},${target.length} ${origin}${target}`

/** `Host` in one spelling: lower case, without the port that the scheme implies and without a final dot. */
export function normalisedHost(host: string, scheme: string): string {
  const port = scheme === 'https' ? ':443' : ':80'
  const name = host.trim().toLowerCase()
  const bare = name.endsWith(port) ? name.slice(0, -port.length) : name
  return bare.replace(/\.(?=$|:\d+$)/, '')
}

/** The resource that a request is about: everything in the key but the variant. */
export function primaryKey(
  request: RuleRequest,
  rule: Rule,
  origin: string,
  user: string | undefined,
): string {
  const { key } = rule
  const rewrites = rewritesOf(request)
  const isPlain = key === undefined && user === undefined && rewrites.length === 0
  if (isPlain) return plainKey(origin, targetOf(request, rule))
  const resource = key === undefined ? targetOf(request, rule) : [key(request)]
  return keyOf(origin, resource, user ?? null, ...rewrites)
}

/** Fields by which frameworks and proxies make another request of a request. Nobody names them in `Vary`. */
const rewriting = [
  ...[
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-scheme',
    'x-forwarded-port',
    'x-forwarded-prefix',
  ],
  ...['x-forwarded-server', 'x-host', 'x-original-host', 'x-original-url', 'x-rewrite-url'],
]

/** What such fields say, so that a response which depends on them is found by nobody else. */
function rewritesOf({ headers }: RuleRequest): string[] {
  const said: string[] = []
  for (const name of rewriting) {
    const value = headers.get(name)
    if (value !== null) said.push(`${name}: ${value}`)
  }
  said.push(...(headers.get('forwarded')?.match(/(?:host|proto)=[^;,]*/gi) ?? []))
  return said
}

/** One variant of the resource, or of another variant. */
export function variantKey(parent: string, selectors: readonly Selector[]): string {
  return parent + keyOf(...selectors)
}

/** Path and query. With a list of parameters, those that are listed, sorted by name. */
function targetOf(request: RuleRequest, rule: Rule): string {
  if (rule.query === undefined) return request.target
  const allowed = new Set(rule.query)
  const kept = new URLSearchParams([...request.query].filter(([name]) => allowed.has(name)))
  kept.sort()
  return `${pathOf(request.target)}?${kept}`
}

export function pathOf(target: string): string {
  const at = target.indexOf('?')
  return at < 0 ? target : target.slice(0, at)
}

export function queryOf(target: string): string {
  return target.slice(pathOf(target).length + 1)
}

/** Longer targets share a tag with those that begin alike: ending one ends the others, which costs misses and nothing else. */
const longestInTag = 300

/** The tag of everything stored for the path of a target, whatever the query. Colons would make segments of it. */
export function tagOfTarget(origin: string, target: string): string {
  return `http ${escaped(origin + pathOf(target))}`.slice(0, longestInTag)
}

/** The tag of a group of responses of one origin (RFC 9875). */
export function tagOfGroup(origin: string, group: string): string {
  return `http-group ${escaped(`${origin} ${group}`)}`.slice(0, longestInTag)
}

const escaped = (text: string) => percentEncoded(text, /[^\x21-\x39\x3b-\x7e]/gu)
