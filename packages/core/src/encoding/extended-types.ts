import { LarderError } from '../errors'

/** Whether a format can encode a primitive or a special object without replacement. */
type IsNative = (value: unknown) => boolean

/** The property that marks a replaced value. */
const marker = '$larder'

/** The replacement of a value whose type the format lacks. */
interface Replacement {
  readonly [marker]: string
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

const viewClasses = [
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
 * Replaces every part of the value whose type the format lacks. A value that needs no replacement is returned as the same
 * object, so that plain data is traversed once and never copied.
 * @throws LarderError `UNSERIALIZABLE_VALUE` with the path of a function, a symbol or a cycle.
 */
export function replace(value: unknown, isNative: IsNative): unknown {
  return isPlain(value, isNative, 0) ? value : replacePart(value, isNative, '', [])
}

/** Deeper values may contain themselves; the slow path detects cycles. */
const maxPlainDepth = 64

/** Whether no part needs replacement. This holds for most values, and checking it is much faster than replacing. */
function isPlain(value: unknown, isNative: IsNative, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object') return isNative(value)
  if (depth === maxPlainDepth) return false
  if (Array.isArray(value)) return isPlainArray(value, isNative, depth + 1)
  if (Object.getPrototypeOf(value) !== Object.prototype) return isNative(value)
  const record = value as Readonly<Record<string, unknown>> & { readonly toJSON?: unknown }
  for (const name of Object.keys(record)) {
    if (name === marker || name === '__proto__' || !isPlain(record[name], isNative, depth + 1)) return false
  }
  return typeof record.toJSON !== 'function'
}

/** Not with `every`, which skips holes. */
function isPlainArray(items: readonly unknown[], isNative: IsNative, depth: number): boolean {
  for (const item of items) if (!isPlain(item, isNative, depth)) return false
  return true
}

type ReplacePart = (item: unknown, name: string) => unknown

function replacePart(
  value: unknown,
  isNative: IsNative,
  path: string,
  ancestors: readonly object[],
): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || isNative(value))
    return value
  if (typeof value === 'function' || typeof value === 'symbol')
    throw unserializableError(path, `a ${typeof value}`)
  if (typeof value !== 'object') return replacePrimitive(value)
  if (ancestors.includes(value)) throw unserializableError(path, 'an object that contains itself')
  const inner = [...ancestors, value]
  return replaceObject(value, (item, name) => replacePart(item, isNative, `${path}${name}`, inner))
}

function replaceObject(value: object, replaceItem: ReplacePart): unknown {
  if (Array.isArray(value)) return replaceArray(value, replaceItem)
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, item]) => [replaceItem(key, '{}'), replaceItem(item, '{}')])
    return createReplacement('Map', entries)
  }
  if (value instanceof Set) {
    const items = Array.from(value, (item) => replaceItem(item, '{}'))
    return createReplacement('Set', items)
  }
  if (value instanceof Error) return createReplacement('Error', encodeError(value, replaceItem))
  if (value instanceof Date) return createReplacement('Date', String(value.getTime()))
  if (value instanceof RegExp) return createReplacement('RegExp', [value.source, value.flags])
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return replaceBytes(value)
  return replaceRecord(value, replaceItem)
}

function createReplacement(kind: string, v: unknown): Replacement {
  return { [marker]: kind, v }
}

function replacePrimitive(value: unknown): Replacement {
  if (value === undefined) return createReplacement('undefined', null)
  if (typeof value === 'bigint') return createReplacement('bigint', String(value))
  return createReplacement('number', Object.is(value, -0) ? '-0' : String(value))
}

function replaceArray(value: readonly unknown[], replaceItem: ReplacePart): readonly unknown[] {
  const items = Array.from(value, (item, index) => replaceItem(item, `[${index}]`))
  return items.every((item, index) => item === value[index]) ? value : items
}

function encodeError(error: Error, replaceItem: ReplacePart): unknown {
  const fields = Object.entries(error).map(([name, item]) => [name, replaceItem(item, `.${name}`)])
  const cause = error.cause === undefined ? [] : [['cause', replaceItem(error.cause, '.cause')]]
  return [error.name, error.message, error.stack ?? '', [...fields, ...cause]]
}

function replaceBytes(value: ArrayBuffer | ArrayBufferView): Replacement {
  const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return createReplacement(value.constructor.name, btoa(text))
}

function replaceRecord(value: object, replaceItem: ReplacePart): unknown {
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return replaceItem((value as { toJSON(): unknown }).toJSON(), '')
  const entries = Object.entries(value)
  const replaced = entries.map(([name, item]) => [name, replaceItem(item, `.${name}`)] as const)
  if (Object.hasOwn(value, marker) || Object.hasOwn(value, '__proto__'))
    return createReplacement('Object', replaced)
  const isUnchanged = replaced.every(([, item], index) => item === entries[index]?.[1])
  return isUnchanged ? value : Object.fromEntries(replaced)
}

/** Undoes {@link replace}. @throws for an unknown or malformed replacement. */
export function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revive)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  if (Object.hasOwn(value, marker)) return reviveReplacement(value as Replacement)
  return createRecord(Object.entries(value).map(([name, item]) => [name, revive(item)]))
}

function reviveReplacement({ [marker]: kind, v }: Replacement): unknown {
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
      return reviveError(v as ErrorParts)
    case 'Object':
      return createRecord((v as [string, unknown][]).map(([name, item]) => [name, revive(item)]))
    default:
      return reviveBytes(kind, v as string)
  }
}

/** Properties are defined, not assigned: a property named `__proto__` stays a property. */
function createRecord(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

type ErrorParts = [name: string, message: string, stack: string, fields: [string, unknown][]]

function reviveError([name, message, stack, fields]: ErrorParts): Error {
  const ErrorClass = (Object.hasOwn(errorClasses, name) && errorClasses[name]) || Error
  const error = new ErrorClass(message)
  const defineField = (key: string, value: unknown, enumerable: boolean) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  if (error.name !== name) defineField('name', name, false)
  defineField('stack', stack, false)
  for (const [key, item] of fields) defineField(key, revive(item), key !== 'cause')
  return error
}

function reviveBytes(kind: string, text: string): unknown {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  if (kind === 'ArrayBuffer') return bytes.buffer
  if (kind === 'Buffer') return globalThis.Buffer?.from(bytes.buffer) ?? bytes
  const View = viewClasses.find(({ name }) => name === kind)
  if (View === undefined)
    throw new LarderError('BAD_ENTRY', `The entry contains a value of the unknown type ${kind}.`)
  return new View(bytes.buffer)
}

function unserializableError(path: string, description: string): LarderError {
  const place = path === '' ? 'The value' : `The value's ${path}`
  return new LarderError('UNSERIALIZABLE_VALUE', `${place} is ${description}, which cannot be serialized.`)
}
