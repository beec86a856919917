/** Header fields in message order, with lower-case names; a name may occur more than once. */
export type Fields = readonly (readonly [name: string, value: string])[]

/**
 * Reads header fields by name, in upper or lower case: repeated lines joined by commas, `null` if absent. `Headers` implements it.
 */
export interface FieldReader {
  get(name: string): string | null
}

/** The value of a field, with repeated lines joined by commas (RFC 9110 §5.3). */
export function fieldValue(fields: Fields, name: string): string | undefined {
  let combined: string | undefined
  for (const [field, value] of fields) {
    if (field === name) combined = combined === undefined ? value : `${combined}, ${value}`
  }
  return combined
}

/** `fields`, with the lines of `changes` in place of those of the same names. */
export function replaceFields(fields: Fields, changes: Fields): Fields {
  return [...omitFields(fields, new Set(changes.map(([name]) => name))), ...changes]
}

export function omitFields(fields: Fields, names: ReadonlySet<string>): Fields {
  return fields.filter(([name]) => !names.has(name))
}

/** The members of a comma-separated list, in lower case. */
export function listMembers(value: string | undefined): string[] {
  if (value === undefined) return []
  return value
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '')
}

/** Hop-by-hop fields, and those that a cache must not store (RFC 9110 §7.6.1, RFC 9111 §3.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** The fields without hop-by-hop ones, including those that `Connection` names. */
export function endToEndFields(fields: Fields): Fields {
  return omitFields(fields, new Set([...hopByHop, ...listMembers(fieldValue(fields, 'connection'))]))
}
