import type { FieldReader } from '../contracts/request'
import { membersOf } from './fields'

/** A selecting field of a request: its name, and its value in canonical form. */
export type Selector = readonly [name: string, value: string]

/** Fields whose members may come in any order and with weights (RFC 9110 §12.5). */
const negotiated = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language'])

/** The names in a `Vary` field, sorted. `undefined` stands for `*`: no other request will match. */
export function varyNames(value: string | undefined): readonly string[] | undefined {
  const names = new Set(membersOf(value))
  return names.has('*') ? undefined : [...names].sort()
}

/** What a request says in the fields of these names. */
export function selectorsOf(names: readonly string[], headers: FieldReader): readonly Selector[] {
  return names.map((name) => [name, canonical(name, headers.get(name))] as const)
}

/** Whether a request selects the response that was made for a request with these selectors (RFC 9111 §4.1). */
export function isSelected(selectors: readonly Selector[], headers: FieldReader): boolean {
  return selectors.every(([name, value]) => canonical(name, headers.get(name)) === value)
}

/** A field that is missing differs from an empty one. */
function canonical(name: string, value: string | null): string {
  if (value === null) return ''
  if (negotiated.has(name)) return `=${ranked(value)}`
  return `=${value.trim().replace(/\s*,\s*/g, ',')}`
}

/** Members with their weights, sorted, so that spelling and order do not make another variant. */
function ranked(value: string): string {
  const weights = membersOf(value).map((member) => {
    const [range = '', ...parameters] = member.split(';').map((part) => part.trim())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    const others = parameters.filter((parameter) => parameter !== quality)
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    return `${[range, ...others].join(';')};q=${Number.isNaN(weight) ? quality : weight}`
  })
  return weights.sort().join(',')
}
