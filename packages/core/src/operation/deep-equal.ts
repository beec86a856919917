import { isBoxed, isError } from '../entry/byte-form'
import { builtInClassOf } from '../entry/exact-class'
import { hasHiddenState } from '../entry/hidden-state'
import { LarderError } from '../errors'

/**
 * Whether two values have the same content. Ignores the order of properties, and properties that are `undefined`; dates
 * are compared by time. Other class instances are compared by their properties, and must have the same prototype.
 * @throws LarderError `UNSERIALIZABLE_VALUE` for objects whose content cannot be read: they would look equal.
 */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (prototypeOf(a) !== prototypeOf(b)) return false
  if (!isDeepEqual(contentOf(a), contentOf(b))) return false
  const names = definedKeys(a)
  return (
    names.length === definedKeys(b).length &&
    names.every((name) => isDeepEqual(a[name as never], b[name as never]))
  )
}

/** The content that is in no property. Undefined for plain objects and other instances of classes. */
function contentOf(value: object): unknown {
  const builtIn = builtInClassOf(value)
  if (builtIn === 'Map' || builtIn === 'Set') return [...(value as Iterable<unknown>)]
  if (builtIn === 'Date') return (value as Date).getTime()
  if (builtIn === 'ArrayBuffer') return new Uint8Array(value as ArrayBuffer)
  if (builtIn === 'RegExp' || isError(value) || isBoxed(value)) return String(value)
  return hasHiddenState(value) ? textOf(value) : undefined
}

/** The text of URL, Temporal and others that have one. */
function textOf(value: object): string {
  const text = String(value)
  if (!text.startsWith('[object ')) return text
  throw new LarderError('UNSERIALIZABLE_VALUE', `${text} cannot be compared. Write audit({ isSame }).`)
}

/** Objects without a prototype count as plain objects. */
function prototypeOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype
}

/** Properties that are not `undefined`: stores and databases differ in whether they keep those. */
function definedKeys(value: object): string[] {
  return Object.keys(value).filter((name) => value[name as never] !== undefined)
}
