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
      return describeFunction(value)
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return String(value)
  }
}

function quoteText(text: string): string {
  return `'${text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text}'`
}

/** Whether it was written as `async`, and not compiled for an engine without such functions. */
export function isAsyncFunction(value: CallableFunction): boolean {
  return value.constructor?.name === 'AsyncFunction'
}

/** The name of a function; empty if a program has put something else in its place, such as a static method. */
export function nameOfFunction({ name }: { readonly name: unknown }): string {
  return typeof name === 'string' ? name : ''
}

function describeFunction(value: CallableFunction): string {
  const name = nameOfFunction(value)
  const article = name === '' ? (isAsyncFunction(value) ? 'an' : 'a') : 'the'
  return `${article} ${isAsyncFunction(value) ? 'async ' : ''}function ${name}`.trimEnd()
}

/** A proxy may refuse every question: a message is not the place to fail. */
function describeObject(value: object): string {
  try {
    const name = classNameOf(value)
    if (Array.isArray(value) && name === 'Array') return value.length === 0 ? 'an empty list' : 'a list'
    return name === 'Object' ? 'an object' : `an instance of ${name}`
  } catch {
    return 'an object'
  }
}

function classNameOf(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  // Generators have no class, but a tag.
  const shown = name === '' ? (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] : name
  return typeof shown === 'string' ? shown : 'Object'
}
