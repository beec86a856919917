import { LarderError } from '../errors'

/** Which leaves a format can hold by itself. */
export type IsNative = (value: unknown) => boolean

const mark = '$larder'

/** What a format cannot hold by itself, as something it can. */
interface Tagged {
  readonly [mark]: string
  readonly v: unknown
}

const errorClasses: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

const typedArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as readonly (new (
  buffer: ArrayBufferLike,
) => ArrayBufferView)[]

/**
 * The value with everything a format cannot hold put into words it can. What needs no words comes back as the same
 * object, so that plain data is walked once and copied never.
 * @throws LarderError `UNREADABLE_VALUE` naming the place of a function, a symbol or a cycle.
 */
export function replace(value: unknown, isNative: IsNative): unknown {
  return isPlain(value, isNative, 0) ? value : tagPart(value, isNative, '', [])
}

/** Deeper values may contain themselves, which the slow way finds out. */
const deepest = 64

/** Whether no part needs words. Most values are so, and to see it takes a fraction of looking for the words. */
function isPlain(value: unknown, isNative: IsNative, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object') return isNative(value)
  if (depth === deepest) return false
  if (Array.isArray(value)) return isPlainArray(value, isNative, depth + 1)
  if (Object.getPrototypeOf(value) !== Object.prototype) return isNative(value)
  const record = value as Readonly<Record<string, unknown>> & { readonly toJSON?: unknown }
  for (const name of Object.keys(record)) {
    if (name === mark || name === '__proto__' || !isPlain(record[name], isNative, depth + 1)) return false
  }
  return typeof record.toJSON !== 'function'
}

/** Not with `every`, which leaves out holes. */
function isPlainArray(items: readonly unknown[], isNative: IsNative, depth: number): boolean {
  for (const item of items) if (!isPlain(item, isNative, depth)) return false
  return true
}

function tagPart(value: unknown, isNative: IsNative, path: string, within: readonly object[]): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || isNative(value))
    return value
  if (typeof value === 'function' || typeof value === 'symbol') throw unfit(path, `a ${typeof value}`)
  if (typeof value !== 'object') return tagPrimitive(value)
  if (within.includes(value)) throw unfit(path, 'an object that contains itself')
  const inner = [...within, value]
  const part = (item: unknown, name: string) => tagPart(item, isNative, `${path}${name}`, inner)
  if (Array.isArray(value)) return tagArray(value, part)
  if (value instanceof Map)
    return tagged(
      'Map',
      Array.from(value, ([key, item]) => [part(key, '{}'), part(item, '{}')]),
    )
  if (value instanceof Set)
    return tagged(
      'Set',
      Array.from(value, (item) => part(item, '{}')),
    )
  if (value instanceof Error) return tagged('Error', tagError(value, part))
  if (value instanceof Date) return tagged('Date', String(value.getTime()))
  if (value instanceof RegExp) return tagged('RegExp', [value.source, value.flags])
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return tagBytes(value)
  return tagRecord(value, part)
}

type Part = (item: unknown, name: string) => unknown

function tagged(kind: string, v: unknown): Tagged {
  return { [mark]: kind, v }
}

function tagPrimitive(value: unknown): Tagged {
  if (value === undefined) return tagged('undefined', null)
  if (typeof value === 'bigint') return tagged('bigint', String(value))
  return tagged('number', Object.is(value, -0) ? '-0' : String(value))
}

function tagArray(value: readonly unknown[], part: Part): readonly unknown[] {
  const items = Array.from(value, (item, at) => part(item, `[${at}]`))
  return items.every((item, at) => item === value[at]) ? value : items
}

function tagError(error: Error, part: Part): unknown {
  const fields = Object.entries(error).map(([name, item]) => [name, part(item, `.${name}`)])
  const cause = error.cause === undefined ? [] : [['cause', part(error.cause, '.cause')]]
  return [error.name, error.message, error.stack ?? '', [...fields, ...cause]]
}

function tagBytes(value: ArrayBuffer | ArrayBufferView): Tagged {
  const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return tagged(value.constructor.name, btoa(text))
}

function tagRecord(value: object, part: Part): unknown {
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return part((value as { toJSON(): unknown }).toJSON(), '')
  const entries = Object.entries(value)
  const parts = entries.map(([name, item]) => [name, part(item, `.${name}`)] as const)
  if (Object.hasOwn(value, mark) || Object.hasOwn(value, '__proto__')) return tagged('Object', parts)
  return parts.every(([, item], at) => item === entries[at]?.[1]) ? value : Object.fromEntries(parts)
}

/** Undoes {@link replace}. @throws on words it does not know. */
export function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revive)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  if (Object.hasOwn(value, mark)) return rebuild(value as Tagged)
  return recordOf(Object.entries(value).map(([name, item]) => [name, revive(item)]))
}

function rebuild({ [mark]: kind, v }: Tagged): unknown {
  switch (kind) {
    case 'undefined':
      return undefined
    case 'bigint':
      return BigInt(v as string)
    case 'number':
      return Number(v)
    case 'Date':
      return new Date(Number(v))
    case 'Map':
      return new Map((v as [unknown, unknown][]).map(([key, item]) => [revive(key), revive(item)]))
    case 'Set':
      return new Set((v as unknown[]).map(revive))
    case 'RegExp':
      return new RegExp(...(v as [string, string]))
    case 'Error':
      return errorOf(v as ErrorParts)
    case 'Object':
      return recordOf((v as [string, unknown][]).map(([name, item]) => [name, revive(item)]))
    default:
      return bytesOf(kind, v as string)
  }
}

/** Fields are defined, not assigned: a field called `__proto__` is a field. */
function recordOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

type ErrorParts = [name: string, message: string, stack: string, fields: [string, unknown][]]

function errorOf([name, message, stack, fields]: ErrorParts): Error {
  const ErrorClass = (Object.hasOwn(errorClasses, name) && errorClasses[name]) || Error
  const error = new ErrorClass(message)
  const define = (key: string, value: unknown, enumerable: boolean) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  if (error.name !== name) define('name', name, false)
  define('stack', stack, false)
  for (const [key, item] of fields) define(key, revive(item), key !== 'cause')
  return error
}

function bytesOf(kind: string, text: string): unknown {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  if (kind === 'ArrayBuffer') return bytes.buffer
  if (kind === 'Buffer') return globalThis.Buffer?.from(bytes.buffer) ?? bytes
  const View = typedArrays.find(({ name }) => name === kind)
  if (View === undefined)
    throw new LarderError('BAD_ENTRY', `The value holds a ${kind}, which is not known here.`)
  return new View(bytes.buffer)
}

function unfit(path: string, what: string): LarderError {
  return new LarderError(
    'UNSERIALIZABLE_VALUE',
    `${path === '' ? 'The value' : `The value's ${path}`} is ${what}, which has no form in bytes.`,
  )
}
