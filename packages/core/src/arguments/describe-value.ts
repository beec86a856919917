/** Texts are quoted up to this length. */
const maxQuotedLength = 80

/** Describes a wrong argument for an error message: a text is quoted, an object is named by its class, never shown. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty string' : quoteText(value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return value.name === '' ? 'a function' : `the function ${value.name}`
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return String(value)
  }
}

function quoteText(text: string): string {
  return `'${text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text}'`
}

function describeObject(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  if (Array.isArray(value) && name === 'Array') return value.length === 0 ? 'an empty list' : 'a list'
  return typeof name === 'string' && name !== 'Object' ? `an instance of ${name}` : 'an object'
}
