/** Header fields in the order of the message, names in lower case; a name may stand more than once. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** The value of a field, several lines of it combined by commas (RFC 9110 §5.3). */
export function fieldValue(fields: Fields, name: string): string | undefined {
  let combined: string | undefined
  for (const [field, value] of fields) {
    if (field === name) combined = combined === undefined ? value : `${combined}, ${value}`
  }
  return combined
}

/** The field's lines one by one. */
export function linesOf(fields: Fields, name: string): string[] {
  return fields.flatMap(([field, value]) => (field === name ? [value] : []))
}

/** `fields`, with those of `changes` instead of the lines of the same names. */
export function replaced(fields: Fields, changes: Fields): Fields {
  const names = new Set(changes.map(([name]) => name))
  return [...fields.filter(([name]) => !names.has(name)), ...changes]
}

export function without(fields: Fields, names: ReadonlySet<string>): Fields {
  return fields.filter(([name]) => !names.has(name))
}

/** The members of a comma-separated list, in lower case. */
export function membersOf(value: string | undefined): string[] {
  if (value === undefined) return []
  return value
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '')
}

/** Fields about the connection, and those a cache must not store (RFC 9110 §7.6.1, RFC 9111 §3.1). */
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

/** The fields that belong to the message and not to the connection it came over. */
export function endToEnd(fields: Fields): Fields {
  return without(fields, new Set([...hopByHop, ...membersOf(fieldValue(fields, 'connection'))]))
}
