import { type FieldReader, listMembers } from './fields'

/** A selecting field of a request (RFC 9111 §4.1): its name and its canonical value. */
export type Selector = readonly [name: string, value: string]

/** Content-negotiation fields: their members may come in any order and carry weights (RFC 9110 §12.5). */
const negotiated = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language'])

/** The names in a `Vary` field, sorted. `undefined` for `*`, which no request matches. */
export function varyNames(value: string | undefined): readonly string[] | undefined {
  const names = new Set(listMembers(value))
  return names.has('*') ? undefined : [...names].sort()
}

/** The request's values of the selecting fields `names`. */
export function selectorsOf(names: readonly string[], headers: FieldReader): readonly Selector[] {
  return names.map((name) => [name, canonicalValue(name, headers.get(name))] as const)
}

/**
 * Whether the request has the values of these selectors, and so selects the response stored with them (RFC 9111 §4.1).
 */
export function isSelected(selectors: readonly Selector[], headers: FieldReader): boolean {
  return selectors.every(([name, value]) => canonicalValue(name, headers.get(name)) === value)
}

/** The leading `=` keeps an empty field apart from an absent one. */
function canonicalValue(name: string, value: string | null): string {
  if (value === null) return ''
  if (negotiated.has(name)) return `=${canonicalPreferences(value)}`
  return `=${value.trim().replace(/\s*,\s*/g, ',')}`
}

/** Members with explicit weights, sorted: spelling and order do not create further variants. */
function canonicalPreferences(value: string): string {
  const weights = listMembers(value).map((member) => {
    const [range = '', ...parameters] = member.split(';').map((part) => part.trim())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    const others = parameters.filter((parameter) => parameter !== quality)
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    return `${[range, ...others].join(';')};q=${Number.isNaN(weight) ? quality : weight}`
  })
  return weights.sort().join(',')
}
