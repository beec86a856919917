import { LarderError } from '../errors'

/**
 * A text of a call's arguments in which equal arguments, and only those, are alike: `1` and `'1'` differ, and so do
 * `['a,b']` and `['a', 'b']`; `{ a, b }` and `{ b, a }` are the same, and so are `-0` and `0`. Arguments left out at
 * the end count as `undefined`. Known: primitives, plain objects, arrays, Map, Set, Date, URL, RegExp, buffers.
 * @throws LarderError `BAD_KEY` naming the argument that cannot be part of a key.
 */
export function canonicalKey(args: readonly unknown[]): string {
  let count = args.length
  while (count > 0 && args[count - 1] === undefined) count -= 1
  if (count === 1) return textOf(args[0], '1', [])
  const texts: string[] = []
  for (let at = 0; at < count; at += 1) texts.push(textOf(args[at], String(at + 1), []))
  return texts.join(',')
}

/** Escapes `%` and one more character, so that the latter can end the text. */
export function escapeText(text: string, end: string): string {
  if (!text.includes('%') && !text.includes(end)) return text
  return text.replaceAll('%', '%25').replaceAll(end, `%${end.charCodeAt(0).toString(16)}`)
}

/** What {@link escapeText} has escaped, as it was. */
export function unescapeText(text: string): string {
  return text.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

function textOf(value: unknown, path: string, within: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return `'${escapeText(value, "'")}'`
    case 'number':
      return Object.is(value, -0) ? '0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      return value === null ? 'null' : objectText(value, path, within)
    default:
      throw unfit(path, `a ${typeof value}`)
  }
}

function objectText(value: object, path: string, within: readonly object[]): string {
  if (within.includes(value)) throw unfit(path, 'an object that contains itself')
  const inner = [...within, value]
  const part = (item: unknown, name: string) => textOf(item, `${path}${name}`, inner)
  if (Array.isArray(value)) return `[${Array.from(value, (item, at) => part(item, `[${at}]`)).join(',')}]`
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof URL) return `URL(${textOf(value.href, path, inner)})`
  if (value instanceof RegExp) return `RegExp(${textOf(String(value), path, inner)})`
  if (value instanceof Set) return `Set(${sorted([...value].map((item) => part(item, '{}')))})`
  if (value instanceof Map) {
    return `Map(${sorted([...value].map(([key, item]) => `${part(key, '{}')}=${part(item, '{}')}`))})`
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${hex(value)})`
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${hex(new Uint8Array(value))})`
  return recordText(value, path, part)
}

function recordText(value: object, path: string, part: (item: unknown, name: string) => string): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof AbortSignal) throw unfit(path, 'an AbortSignal', ' that leaves it out')
  if (prototype !== Object.prototype && prototype !== null)
    throw unfit(path, `an instance of ${value.constructor.name}`)
  if (Object.getOwnPropertySymbols(value).length > 0) throw unfit(path, 'an object with symbols')
  return `{${sorted(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `'${escapeText(name, "'")}':${part(item, `.${name}`)}`),
  )}}`
}

function sorted(texts: string[]): string {
  return texts.sort().join(',')
}

function hex(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function unfit(path: string, what: string, hint = ''): LarderError {
  const [argument = '', ...rest] = path.split(/(?=[.[{])/)
  const at = rest.length === 0 ? '' : `, at ${rest.join('')}`
  return new LarderError(
    'BAD_KEY',
    `Argument ${argument}${at}: ${what} cannot be part of a key. Give wrap a \`key\`${hint}: wrap(fn, { key: (id) => id }).`,
  )
}
