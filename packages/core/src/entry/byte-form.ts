import { describeValue } from '../arguments/describe-value'
import { isThenable } from '../maybe-promise'
import { builtInClassOf, isPlainRecord } from './exact-class'
import { hasHole } from './has-hole'
import { hasHiddenState } from './hidden-state'

/**
 * Why a value has no faithful form in bytes, apart from its parts: it would come back empty or as something else. Undefined
 * for plain data, built-in collections, errors, and instances of classes that keep their state in fields.
 */
export function obstacleToBytes(value: unknown): string | undefined {
  if (typeof value === 'function') return `${describeValue(value)}. Leave it out of the value`
  if (typeof value === 'symbol') return 'a symbol. Use a text'
  if (typeof value !== 'object' || value === null || isError(value)) return undefined
  if (isThenable(value)) return 'a promise. Wait for it before you return the value'
  if (isBoxed(value)) return `${describeValue(value)}. Use the primitive`
  if (hasHiddenState(value))
    return `${describeValue(value)}, whose state is not in fields that can be read. Return plain data instead, or register the class (types)`
  if (Object.getOwnPropertySymbols(value).some((name) => isEnumerable(value, name)))
    return 'an object with a field that is named by a symbol. Name the field by a text'
  // Bytes would fill its holes, of which `list[user.id] = user` may make billions.
  if (Array.isArray(value) && value.length > maxExaminedItems && hasHole(value))
    return 'a long list with holes. Use a Map'
  return hasLostFields(value)
    ? `${describeValue(value)} with further fields, such as ${lastFieldOf(value)}. Return an object with both`
    : undefined
}

/** Whether it is an error, of this realm or another. */
export function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

/** Whether bytes would bring the object back without its class: as a plain object, or as the built-in class that it extends. */
export function losesClass(value: object): boolean {
  if (isPlainRecord(value) || isError(value) || isBoxed(value) || hasHiddenState(value)) return false
  const builtIn = builtInClassOf(value)
  if (builtIn === 'View') return false
  const prototype = Object.getPrototypeOf(value) as object
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return builtIn === undefined || typeof owner !== 'function' || owner.name !== builtIn
}

const isEnumerable = (value: object, name: PropertyKey) =>
  Object.prototype.propertyIsEnumerable.call(value, name)

export function isBoxed(value: object): boolean {
  return value instanceof Number || value instanceof String || value instanceof Boolean
}

/** Longer lists are not searched for further fields: these belong to matches of regular expressions, and it takes long. */
export const maxExaminedItems = 10_000

/** Whether a collection has fields beside its items, such as the `groups` of `RegExp.exec`. */
function hasLostFields(value: object): boolean {
  if (Array.isArray(value)) return value.length <= maxExaminedItems && /\D/.test(lastFieldOf(value) ?? '0')
  const builtIn = builtInClassOf(value)
  return builtIn !== undefined && builtIn !== 'View' && lastFieldOf(value) !== undefined
}

/** Fields follow the items in the order of names. */
function lastFieldOf(value: object): string | undefined {
  return Object.keys(value).at(-1)
}
