import { digestText } from './digest-text'
import { type FieldReader, listMembers } from './fields'

/**
 * A selecting field of a request (RFC 9111 §4.1): its name, and its canonical value after `=`, or the digest of its value
 * after `#`. The value of an absent field is empty.
 */
export type Selector = readonly [name: string, value: string]

/** Fields of content negotiation: lists in which spaces around separators mean nothing (RFC 9110 §12.5). */
const negotiated = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language'])

/** The names in a `Vary` field, sorted. `undefined` for `*`, which no request matches. */
export function varyNames(value: string | undefined): readonly string[] | undefined {
  const names = new Set(listMembers(value))
  return names.has('*') ? undefined : [...names].sort()
}

/**
 * The request's values of the selecting fields `names`, of `credentials` only digests: keys are made of them, and shown to
 * operators. Undefined in a runtime that has no digests.
 */
export function selectorsOf(
  names: readonly string[],
  headers: FieldReader,
  credentials: ReadonlySet<string>,
): readonly Selector[] | undefined {
  const selectors: Selector[] = []
  for (const name of names) {
    const value = headers.get(name)
    const selected = credentials.has(name) ? digestValue(value) : canonicalValue(name, value)
    if (selected === undefined) return undefined
    selectors.push([name, selected])
  }
  return selectors
}

/**
 * Whether the request has the values of these selectors, and so selects the response stored with them (RFC 9111 §4.1).
 */
export function isSelected(selectors: readonly Selector[], headers: FieldReader): boolean {
  for (const [name, value] of selectors) {
    const sent = headers.get(name)
    const selected = value.startsWith('#') ? digestValue(sent) : canonicalValue(name, sent)
    if (selected !== value) return false
  }
  return true
}

function digestValue(value: string | null): string | undefined {
  if (value === null) return ''
  const digest = digestText(value)
  return digest && `#${digest}`
}

/**
 * Equal for values that are known to mean the same (RFC 9111 §4.1): in the fields of content negotiation, spaces and,
 * outside of `Accept`, case do not count. Order does, because an application may go by it. The leading `=` keeps an
 * empty field apart from an absent one.
 */
function canonicalValue(name: string, value: string | null): string {
  if (value === null) return ''
  const text = value.trim()
  if (!negotiated.has(name) || text.includes('"')) return `=${text}`
  const compact = text.replace(/\s*([,;])\s*/g, '$1')
  return `=${name === 'accept' ? compact : compact.toLowerCase()}`
}

/** The members of two values of `Vary`: the second value itself if it has those of the first. */
export function joinVary(first: string, second: string): string {
  const known = new Set(listMembers(second))
  const missing = first.split(',').filter((member) => listMembers(member).some((name) => !known.has(name)))
  if (missing.length === 0) return second
  return [...missing.map((member) => member.trim()), second].filter((member) => member !== '').join(', ')
}
