import type { RegisteredClasses } from '../entry/registered-classes'
import { LarderError } from '../errors'
import {
  type ErrorParts,
  hiddenErrorFields,
  marker,
  maxDigits,
  type Replacement,
  viewClasses,
} from './extended-types'

const errorClasses: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** Undoes `replace`. @throws for an unknown or malformed replacement. */
export function revive(value: unknown, classes: RegisteredClasses): unknown {
  if (typeof value !== 'object' || value === null) return value
  const reviveItem: Revive = (item) => revive(item, classes)
  if (Array.isArray(value)) return value.map(reviveItem)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  if (Object.hasOwn(value, marker)) return reviveReplacement(value as Replacement, reviveItem, classes)
  return createRecord(Object.entries(value).map(([name, item]) => [name, reviveItem(item)]))
}

type Revive = (item: unknown) => unknown

function reviveReplacement(
  { [marker]: kind, v }: Replacement,
  reviveItem: Revive,
  classes: RegisteredClasses,
) {
  switch (kind) {
    case 'undefined':
      return undefined
    case 'bigint':
      return reviveBigInt(requireText(v))
    case 'number':
      return Number(requireText(v))
    case 'utf16':
      return reviveText(v)
    case 'Date':
      return new Date(Number(requireText(v)))
    case 'Map':
      return new Map(requirePairs(v).map(([key, item]) => [reviveItem(key), reviveItem(item)]))
    case 'Set':
      return new Set(requireList(v).map(reviveItem))
    case 'RegExp':
      return new RegExp(...(requireList(v).map(requireText) as [string, string]))
    case 'Error':
      return reviveError(v, reviveItem)
    case 'Object':
      return createRecord(
        requirePairs(v).map(([name, item]) => [requireText(reviveItem(name)), reviveItem(item)]),
      )
    case 'class': {
      const [name, encoded] = requireList(v)
      return classes.decode(requireText(name), reviveItem(encoded))
    }
    default:
      return reviveBytes(requireText(kind), requireText(v))
  }
}

/** Properties are defined, not assigned: a property named `__proto__` stays a property. */
function createRecord(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

function reviveBigInt(digits: string): bigint {
  if (digits.length > maxDigits) throw malformed(`a BigInt of more than ${maxDigits} digits`)
  return BigInt(digits)
}

/** A text with lone surrogates, which have no UTF-8 form, as its code units. */
function reviveText(units: unknown): string {
  let text = ''
  for (const unit of requireList(units)) text += String.fromCharCode(unit as number)
  return text
}

function reviveError(parts: unknown, reviveItem: Revive): Error {
  const [name, message, stack, fields] = requireErrorParts(parts, reviveItem)
  const ErrorClass = (Object.hasOwn(errorClasses, name) && errorClasses[name]) || Error
  const error = new ErrorClass(message)
  const defineField = (key: string, value: unknown, enumerable: boolean) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  if (error.name !== name) defineField('name', name, false)
  defineField('stack', stack, false)
  for (const [key, item] of fields) defineField(key, reviveItem(item), !hiddenErrorFields.includes(key))
  return error
}

function requireErrorParts(parts: unknown, reviveItem: Revive): ErrorParts {
  const [name, message, stack, fields] = requireList(parts)
  const text = (part: unknown) => requireText(reviveItem(part))
  const pairs = requirePairs(fields).map(([key, item]) => [requireText(key), item] as const)
  return [text(name), text(message), text(stack), pairs]
}

function reviveBytes(kind: string, text: string): unknown {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  if (kind === 'ArrayBuffer') return bytes.buffer
  if (kind === 'Buffer') return globalThis.Buffer?.from(bytes.buffer) ?? bytes
  const View = viewClasses.find(({ name }) => name === kind)
  if (View === undefined) throw malformed(`a value of the unknown type ${kind}`)
  return new View(bytes.buffer)
}

function requireText(value: unknown): string {
  if (typeof value === 'string') return value
  throw malformed('something else where a text belongs')
}

function requireList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw malformed('something else where a list belongs')
}

function requirePairs(value: unknown): readonly (readonly [unknown, unknown])[] {
  const pairs = requireList(value)
  if (pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return pairs as [unknown, unknown][]
  throw malformed('something else where pairs belong')
}

function malformed(found: string): LarderError {
  return new LarderError('BAD_ENTRY', `The entry contains ${found}.`)
}
