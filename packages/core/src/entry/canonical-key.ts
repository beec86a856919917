import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'
import { maxExaminedItems } from './byte-form'
import { builtInClassOf, isExactly, isPlainRecord } from './exact-class'
import { hasHole } from './has-hole'
import { isNativeSource } from './hidden-state'

/** Deeper objects would exceed the stack on some engines. */
const maxDepth = 200

/**
 * A text of a call's arguments that is equal for equal arguments, and only for those: `1` and `'1'` differ, and so do
 * `['a,b']` and `['a', 'b']`; `{ a, b }` equals `{ b, a }`, and `-0` equals `0`. Trailing `undefined` arguments are
 * ignored. Supported: primitives, plain objects, arrays, Map, Set, Date, URL, RegExp, buffers.
 * @throws LarderError `BAD_KEY` naming the argument that cannot be part of a key.
 */
export function canonicalKey(args: readonly unknown[]): string {
  let count = args.length
  while (count > 0 && args[count - 1] === undefined) count -= 1
  if (count === 1) return formatArgument(args[0], '1')
  const texts: string[] = []
  for (let index = 0; index < count; index += 1) texts.push(formatArgument(args[index], String(index + 1)))
  return texts.join(',')
}

/** Escapes `%` and `terminator`, so that the latter can mark the end of the text. */
export function escapeText(text: string, terminator: string): string {
  if (!text.includes('%') && !text.includes(terminator)) return text
  return text.replaceAll('%', '%25').replaceAll(terminator, `%${terminator.charCodeAt(0).toString(16)}`)
}

/** Undoes {@link escapeText}. */
export function unescapeText(text: string): string {
  return text.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** @throws LarderError `BAD_KEY`, also for a getter that throws and a proxy that was revoked. */
function formatArgument(value: unknown, path: string): string {
  try {
    return formatValue(value, path, [])
  } catch (error) {
    if (error instanceof LarderError) throw error
    throw badArgument(path, 'an object that cannot be read', '', error)
  }
}

function formatValue(value: unknown, path: string, ancestors: readonly object[]): string {
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
      return value === null ? 'null' : formatObject(value, path, ancestors)
    default:
      throw badArgument(path, `a ${typeof value}`)
  }
}

function formatObject(value: object, path: string, ancestors: readonly object[]): string {
  if (ancestors.includes(value)) throw badArgument(path, 'an object that contains itself')
  if (ancestors.length >= maxDepth)
    throw badArgument(path, `an object nested more than ${maxDepth} levels deep`)
  const inner = [...ancestors, value]
  const formatPart = (item: unknown, name: string) => formatValue(item, `${path}${name}`, inner)
  const builtIn = builtInClassOf(value)
  if (builtIn !== undefined) requireExact(value, builtIn, path)
  if (Array.isArray(value))
    return `[${Array.from(value, (item, index) => formatPart(item, `[${index}]`)).join(',')}]`
  if (builtIn === 'Date') return `Date(${(value as Date).getTime()})`
  if (isPlainUrl(value)) return `URL(${formatValue(value.href, path, inner)})`
  if (builtIn === 'RegExp') return `RegExp(${formatValue(String(value), path, inner)})`
  if (builtIn === 'Set')
    return `Set(${joinSorted([...(value as Set<unknown>)].map((item) => formatPart(item, '{}')))})`
  if (builtIn === 'Map') {
    return `Map(${joinSorted([...(value as Map<unknown, unknown>)].map(([key, item]) => `${formatPart(key, '{}')}=${formatPart(item, '{}')}`))})`
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${toHex(value)})`
  if (builtIn === 'ArrayBuffer') return `ArrayBuffer(${toHex(new Uint8Array(value as ArrayBuffer))})`
  return formatRecord(value, path, formatPart)
}

/** A subclass, or further fields, may hold more than the address. */
const isPlainUrl = (value: object): value is URL =>
  value instanceof URL && isExactly(value, 'URL') && Object.keys(value).length === 0

function formatRecord(
  value: object,
  path: string,
  formatPart: (item: unknown, name: string) => string,
): string {
  if (value instanceof AbortSignal) throw badArgument(path, 'an AbortSignal', ' that leaves it out')
  if (!isPlainRecord(value)) throw badArgument(path, describeValue(value))
  if (Object.getOwnPropertySymbols(value).length > 0) throw badArgument(path, 'an object with symbols')
  return `{${joinSorted(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `'${escapeText(name, "'")}':${formatPart(item, `.${name}`)}`),
  )}}`
}

/** A subclass may hold more than its built-in part, and an array more than its items: then keys would collide. */
function requireExact(value: object, builtIn: string, path: string): void {
  const isExact = builtIn === 'View' ? isNativeView(value) : isExactly(value, builtIn)
  if (Array.isArray(value) && hasHole(value)) throw badArgument(path, 'a list with holes')
  // The names of all bytes of a long buffer would take longer than its key.
  const isLong = ArrayBuffer.isView(value) && value.byteLength > maxExaminedItems
  const hasMore = builtIn !== 'RegExp' && !isLong && Object.keys(value).length > itemCountOf(value)
  if (!isExact || hasMore)
    throw badArgument(
      path,
      isExact ? `${describeValue(value)} with further properties` : describeValue(value),
    )
}

/** Whether it is a typed array, a `DataView` or a `Buffer`, and no subclass of them. */
function isNativeView({ constructor: maker }: object): boolean {
  return maker === globalThis.Buffer || isNativeSource(Function.prototype.toString.call(maker))
}

const itemCountOf = (value: object) => (value as { length?: number }).length ?? 0

function joinSorted(texts: string[]): string {
  return texts.sort().join(',')
}

function toHex(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function badArgument(path: string, description: string, hint = '', cause?: unknown): LarderError {
  const [argument = '', ...rest] = path.split(/(?=[.[{])/)
  const place = rest.length === 0 ? '' : `, at ${rest.join('')}`
  return new LarderError(
    'BAD_KEY',
    `Argument ${argument}${place}: ${description} cannot be part of a key. Give wrap a \`key\`${hint}: wrap(fn, { key: ([id]) => String(id) }).`,
    { cause },
  )
}
