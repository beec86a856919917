import { builtInClassOf } from './exact-class'
import { hasHole } from './has-hole'
import { hasHiddenState } from './hidden-state'
import { maxNesting, nestedTooDeeply } from './nesting'

/** Copies values of one particular shape. */
export type Copier = (value: unknown) => unknown

const returnSame: Copier = (value) => value
const copyFlatRecord: Copier = (value) => ({ ...(value as object) })
const copyFlatArray: Copier = (value) => (value as unknown[]).slice()

/**
 * Chooses how to copy a stored value for its readers, once per value: primitives need no copy, a flat object or array is
 * copied shallowly, a tree part by part, everything else with all attributes. A hit on a flat record then costs one object
 * literal.
 */
export function copierFor(value: unknown): Copier {
  if (isShared(value)) return returnSame
  if (isFlat(value as object)) return Array.isArray(value) ? copyFlatArray : copyFlatRecord
  return isTree(value) ? copyTree : deepCopy
}

/** Whether a copier was chosen that looks at every part: for anything but plain data. */
export function copiesDeeply(copier: Copier): boolean {
  return copier === deepCopy
}

/** Whether a copier was chosen for plain data: records, arrays and dates. */
export function copiesPlainData(copier: Copier): boolean {
  return copier === copyFlatRecord || copier === copyFlatArray || copier === copyTree
}

/**
 * A copy that shares no mutable state with its original: plain objects, arrays, Map, Set, Date, RegExp, errors, buffers,
 * typed arrays, and class instances (own properties under the same prototype), also those of another realm. Subclasses of
 * built-in classes keep their class and their fields. Cycles and repeated references are preserved. Functions and objects
 * that have no faithful copy (see {@link hasHiddenState}) are shared as they are.
 * @throws LarderError `UNSERIALIZABLE_VALUE` for a value that is nested too deeply.
 */
export function deepCopy(value: unknown): unknown {
  return isShared(value) ? value : copyObject(value as object, new Seen())
}

/** The copies made so far, by their originals. */
class Seen extends Map<object, unknown> {
  /** How many objects contain the one that is being copied. */
  depth = 0
}

function copyPart(value: unknown, seen: Seen): unknown {
  if (isShared(value)) return value
  const known = seen.get(value as object)
  if (known !== undefined) return known
  if (seen.depth === maxNesting) throw nestedTooDeeply()
  seen.depth += 1
  const copy = copyObject(value as object, seen)
  seen.depth -= 1
  return copy
}

function copyObject(source: object, seen: Seen): unknown {
  const builtIn = builtInClassOf(source)
  if (Array.isArray(source) && isPlainArray(source)) return copyArray(source, seen)
  if (builtIn === 'Map') return copyMap(source as Map<unknown, unknown>, seen)
  if (builtIn === 'Set') return copySet(source as Set<unknown>, seen)
  const blank = keepClass(source, createBlank(source, builtIn))
  seen.set(source, blank)
  if (ArrayBuffer.isView(blank) || blank instanceof ArrayBuffer) return blank
  copyProperties(source, blank, seen)
  // After the items, so that a long list with few of them stays a table of those.
  if (Array.isArray(source)) (blank as unknown[]).length = source.length
  return blank
}

/** An object of the same kind with the same internal state, but without own properties. */
function createBlank(source: object, builtIn: string | undefined): object {
  if (Array.isArray(source)) return []
  if (builtIn === 'Date') return new Date(Date.prototype.getTime.call(source))
  if (builtIn === 'RegExp') return new RegExp(source as RegExp)
  if (builtIn === 'ArrayBuffer') return (source as ArrayBuffer).slice(0)
  if (ArrayBuffer.isView(source)) return copyView(source)
  if (source instanceof Number || source instanceof String || source instanceof Boolean)
    return Object(source.valueOf())
  if (source instanceof Error) return createBlankError(source)
  return Object.create(Object.getPrototypeOf(source))
}

/** Gives the copy the class of its source, if that is a subclass or the class of another realm. */
function keepClass<T extends object>(source: object, copy: T): T {
  const prototype = Object.getPrototypeOf(source) as object | null
  return Object.getPrototypeOf(copy) === prototype ? copy : (Object.setPrototypeOf(copy, prototype) as T)
}

/** Creates a real Error, because engines keep its stack in an internal slot; in newer ones it is not an own data property. */
function createBlankError(source: Error): Error {
  const blank = Object.setPrototypeOf(new Error(source.message), Object.getPrototypeOf(source)) as Error
  Object.defineProperty(blank, 'stack', {
    value: source.stack,
    writable: true,
    configurable: true,
    enumerable: false,
  })
  return blank
}

/** Copies the bytes of the view only, not the whole buffer behind it. */
function copyView(source: ArrayBufferView): ArrayBufferView {
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
  const View = source.constructor as new (
    buffer: ArrayBufferLike,
    offset?: number,
    length?: number,
  ) => ArrayBufferView
  const buffer = globalThis.Buffer
  if (buffer?.isBuffer(source)) return buffer.from(bytes.buffer)
  return new View(bytes.buffer)
}

function copyProperties(source: object, copy: object, seen: Seen): object {
  for (const key of Reflect.ownKeys(source)) {
    const property = Object.getOwnPropertyDescriptor(source, key)
    if (property === undefined || Object.getOwnPropertyDescriptor(copy, key)?.configurable === false) continue
    if (key === 'stack' && source instanceof Error) continue
    if ('value' in property) property.value = copyPart(property.value, seen)
    // Defined, not assigned: an own `__proto__` stays a property, and the copy of a frozen object is mutable.
    const isPlainValue = 'value' in property && !(source instanceof Error)
    Object.defineProperty(
      copy,
      key,
      isPlainValue ? { ...property, writable: true, configurable: true } : property,
    )
  }
  return copy
}

function copyArray(source: readonly unknown[], seen: Seen): unknown[] {
  const copy: unknown[] = new Array(source.length)
  seen.set(source, copy)
  for (let index = 0; index < source.length; index += 1) copy[index] = copyPart(source[index], seen)
  return copy
}

function copyMap(source: ReadonlyMap<unknown, unknown>, seen: Seen): object {
  const copy = new Map<unknown, unknown>()
  seen.set(source, copy)
  Map.prototype.forEach.call(source, (value, key) => {
    copy.set(copyPart(key, seen), copyPart(value, seen))
  })
  return copyProperties(source, keepClass(source, copy), seen)
}

function copySet(source: ReadonlySet<unknown>, seen: Seen): object {
  const copy = new Set<unknown>()
  seen.set(source, copy)
  Set.prototype.forEach.call(source, (value) => {
    copy.add(copyPart(value, seen))
  })
  return copyProperties(source, keepClass(source, copy), seen)
}

/** Whether copies share the value: primitives are immutable, and some objects cannot be copied. */
function isShared(value: unknown): boolean {
  return typeof value !== 'object' || value === null || hasHiddenState(value)
}

function isFlat(value: object): boolean {
  if (Array.isArray(value)) return !hasHole(value) && value.every(isPrimitive) && isPlainArray(value)
  return isSpreadable(value) && Object.values(value).every(isPrimitive)
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null
}

/** Deeper values would exceed the stack on some engines. */
const maxDepth = 200

/**
 * Whether {@link copyTree} reproduces the value: plain objects, arrays without holes, dates and primitives, each object met
 * once. Everything else needs a copy that looks at each property and remembers what it has copied.
 */
function isTree(value: unknown, seen = new Set<object>(), depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (seen.has(value) || depth > maxDepth) return false
  seen.add(value)
  const isPart = (part: unknown) => isTree(part, seen, depth + 1)
  if (Array.isArray(value)) return isPlainArray(value) && value.every(isPart)
  if (Object.getPrototypeOf(value) === Date.prototype) return Reflect.ownKeys(value).length === 0
  return isSpreadable(value) && Object.values(value).every(isPart)
}

/** Copies a value that is a tree: sixteen times as fast as a copy that allows for cycles and property attributes. */
function copyTree(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return copyItems(value)
  return value instanceof Date ? new Date(value.getTime()) : copyFields(value)
}

function copyItems(source: readonly unknown[]): unknown[] {
  const copy = source.slice()
  for (let index = 0; index < copy.length; index += 1) {
    const item = copy[index]
    if (typeof item === 'object' && item !== null) copy[index] = copyTree(item)
  }
  return copy
}

function copyFields(source: object): object {
  const copy: Record<string, unknown> = { ...source }
  for (const name in copy) {
    const part = copy[name]
    if (typeof part === 'object' && part !== null) copy[name] = copyTree(part)
  }
  return copy
}

/** Whether the array has items alone: no holes, and no further properties. */
export function isPlainArray(value: readonly unknown[]): boolean {
  if (Object.getPrototypeOf(value) !== Array.prototype) return false
  // The names are the indexes in ascending order, then `length`, then others.
  const names = Object.getOwnPropertyNames(value)
  const isFull = names.length === value.length + 1 && names[value.length] === 'length'
  return isFull && Object.getOwnPropertySymbols(value).length === 0
}

/** Whether spreading reproduces the object. It replaces a getter by its current value. */
function isSpreadable(value: object): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  let fields = 0
  for (const _ in value) fields += 1
  // Runs for every stored value: five times as fast as comparing with `Reflect.ownKeys`.
  const hasHiddenFields = Object.getOwnPropertyNames(value).length !== fields
  return !hasHiddenFields && Object.getOwnPropertySymbols(value).length === 0
}
