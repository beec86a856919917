import { describeValue } from '../arguments/describe-value'
import { isError, maxExaminedItems, obstacleToBytes } from '../entry/byte-form'
import { isPlainArray } from '../entry/copy'
import { builtInClassOf } from '../entry/exact-class'
import { hasHole } from '../entry/has-hole'
import { maxNesting, nestedTooDeeply } from '../entry/nesting'
import type { RegisteredClasses } from '../entry/registered-classes'
import { LarderError } from '../errors'
import { hiddenErrorFields, marker, maxDigits, type Replacement } from './extended-types'

/** Whether a format can encode a primitive or a special object without replacement. */
type IsNative = (value: unknown) => boolean

/** The features of the format, and the classes registered for the cache. */
interface Target {
  readonly isNative: IsNative
  readonly classes: RegisteredClasses
}

/**
 * Replaces every part of the value whose type the format lacks. A value that needs no replacement is returned as the same
 * object, so that plain data is traversed once and never copied.
 * @throws LarderError `UNSERIALIZABLE_VALUE` with the path of a part that has no faithful form in bytes, or of a cycle.
 */
export function replace(value: unknown, isNative: IsNative, classes: RegisteredClasses): unknown {
  return isPlain(value, isNative, 0) ? value : replacePart(value, { isNative, classes }, '', [])
}

/** Deeper values may contain themselves; the slow path detects cycles. */
const maxPlainDepth = 64

/** Whether no part needs replacement. This holds for most values, and checking it is much faster than replacing. */
function isPlain(value: unknown, isNative: IsNative, depth: number): boolean {
  if (typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object') return isNative(value)
  if (depth === maxPlainDepth) return false
  if (Array.isArray(value)) return isPlainList(value, isNative, depth + 1)
  if (Object.getPrototypeOf(value) !== Object.prototype) return isNative(value)
  const record = value as Readonly<Record<string, unknown>> & { readonly toJSON?: unknown }
  for (const name of Object.keys(record)) {
    if (name === marker || name === '__proto__' || !isNative(name)) return false
    if (!isPlain(record[name], isNative, depth + 1)) return false
  }
  return typeof record.toJSON !== 'function' && Object.getOwnPropertySymbols(record).length === 0
}

function isPlainList(items: readonly unknown[], isNative: IsNative, depth: number): boolean {
  if (hasHole(items) || !items.every((item) => isPlain(item, isNative, depth))) return false
  return items.length > maxExaminedItems || isPlainArray(items)
}

type ReplacePart = (item: unknown, name: string) => unknown

function replacePart(value: unknown, target: Target, path: string, ancestors: readonly object[]): unknown {
  if (typeof value === 'boolean' || value === null || target.isNative(value)) return value
  const type = typeof value === 'object' ? target.classes.typeOf(value) : undefined
  const obstacle = type === undefined ? obstacleToBytes(value) : undefined
  if (obstacle !== undefined) throw unserializableError(path, obstacle)
  if (typeof value !== 'object') return replacePrimitive(value, path)
  if (ancestors.includes(value)) throw unserializableError(path, 'an object that contains itself')
  if (ancestors.length === maxNesting) throw nestedTooDeeply()
  const inner = [...ancestors, value]
  const replaceItem: ReplacePart = (item, name) => replacePart(item, target, `${path}${name}`, inner)
  if (type !== undefined) return createReplacement('class', [type.name, replaceItem(type.encode(value), '')])
  return hasJsonForm(value)
    ? replaceItem(requireObject(value.toJSON(), value, path), '')
    : replaceObject(value, replaceItem)
}

function hasJsonForm(value: object): value is { toJSON(): unknown } {
  if (typeof (value as { toJSON?: unknown }).toJSON !== 'function') return false
  return builtInClassOf(value) === undefined && !isError(value)
}

/** @throws LarderError `UNSERIALIZABLE_VALUE` if `toJSON` turns an object into a text or a number. */
function requireObject(shown: unknown, value: object, path: string): object {
  if (typeof shown === 'object' && shown !== null) return shown
  throw unserializableError(
    path,
    `${describeValue(value)}, and its toJSON gives ${describeValue(shown)}. Register its class (types)`,
  )
}

function replaceObject(value: object, replaceItem: ReplacePart): unknown {
  if (isError(value)) return createReplacement('Error', encodeError(value, replaceItem))
  switch (builtInClassOf(value)) {
    case 'Array':
      return replaceArray(value as readonly unknown[], replaceItem)
    case 'Map':
      return createReplacement('Map', replaceEntries(value as Map<unknown, unknown>, replaceItem))
    case 'Set':
      return createReplacement('Set', replaceMembers(value as Set<unknown>, replaceItem))
    case 'Date':
      return createReplacement('Date', String(Date.prototype.getTime.call(value)))
    case 'RegExp':
      return createReplacement('RegExp', [(value as RegExp).source, (value as RegExp).flags])
    case 'ArrayBuffer':
      return createReplacement('ArrayBuffer', toBase64(new Uint8Array(value as ArrayBuffer)))
    case 'View':
      return replaceView(value as ArrayBufferView)
    default:
      return replaceRecord(value, replaceItem)
  }
}

function createReplacement(kind: string, v: unknown): Replacement {
  return { [marker]: kind, v }
}

function replacePrimitive(value: unknown, path: string): Replacement {
  switch (typeof value) {
    case 'undefined':
      return createReplacement('undefined', null)
    case 'string':
      return createReplacement(
        'utf16',
        Array.from({ length: value.length }, (_, at) => value.charCodeAt(at)),
      )
    case 'bigint': {
      const digits = String(value)
      if (digits.length > maxDigits)
        throw unserializableError(path, `a BigInt of more than ${maxDigits} digits`)
      return createReplacement('bigint', digits)
    }
    default:
      return createReplacement('number', Object.is(value, -0) ? '-0' : String(value))
  }
}

function replaceArray(value: readonly unknown[], replaceItem: ReplacePart): readonly unknown[] {
  const items = Array.from(value, (item, index) => replaceItem(item, `[${index}]`))
  const isSame = Object.getPrototypeOf(value) === Array.prototype && isUnchanged(items, value)
  return isSame ? value : items
}

const isUnchanged = (items: readonly unknown[], value: readonly unknown[]) =>
  items.every((item, index) => item === value[index])

function replaceEntries(value: ReadonlyMap<unknown, unknown>, replaceItem: ReplacePart): unknown[] {
  const entries: unknown[] = []
  Map.prototype.forEach.call(value, (item, key) => {
    entries.push([replaceItem(key, '{}'), replaceItem(item, '{}')])
  })
  return entries
}

function replaceMembers(value: ReadonlySet<unknown>, replaceItem: ReplacePart): unknown[] {
  const members: unknown[] = []
  Set.prototype.forEach.call(value, (item) => void members.push(replaceItem(item, '{}')))
  return members
}

function encodeError(error: Error, replaceItem: ReplacePart): unknown {
  const hidden = hiddenErrorFields.filter((name) => Object.hasOwn(error, name))
  const names = new Set([...Object.keys(error), ...hidden])
  const fields = [...names].map((name) => [name, replaceItem(error[name as keyof Error], `.${name}`)])
  const texts = [error.name, error.message, error.stack ?? ''].map((text) => replaceItem(String(text), ''))
  return [...texts, fields]
}

/** Named by its tag: the name of a subclass would mean nothing to readers. */
function replaceView(view: ArrayBufferView): Replacement {
  const isBuffer = globalThis.Buffer?.isBuffer(view) === true
  const tag = Object.prototype.toString.call(view).slice('[object '.length, -1)
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return createReplacement(isBuffer ? 'Buffer' : tag, toBase64(bytes))
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function replaceRecord(value: object, replaceItem: ReplacePart): unknown {
  const entries = Object.entries(value)
  const replaced = entries.map(
    ([name, item]) => [replaceItem(name, ''), replaceItem(item, `.${name}`)] as const,
  )
  const isUnusual = replaced.some(([name]) => typeof name !== 'string')
  if (isUnusual || Object.hasOwn(value, marker) || Object.hasOwn(value, '__proto__'))
    return createReplacement('Object', replaced)
  const isSame = isRecord(value) && replaced.every(([, item], index) => item === entries[index]?.[1])
  return isSame ? value : Object.fromEntries(replaced as readonly (readonly [string, unknown])[])
}

const isRecord = (value: object) => Object.getPrototypeOf(value) === Object.prototype

/** `obstacle` ends the sentence "the value is …". */
export function unserializableError(path: string, obstacle: string): LarderError {
  const place = path === '' ? 'the value' : `its ${path}`
  return new LarderError('UNSERIALIZABLE_VALUE', `Bytes cannot hold the value: ${place} is ${obstacle}.`)
}
