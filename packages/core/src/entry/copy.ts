/** Makes a private copy of one particular kind of value. */
export type Copier = (value: unknown) => unknown

const asIs: Copier = (value) => value
const spread: Copier = (value) => ({ ...(value as object) })
const slice: Copier = (value) => (value as unknown[]).slice()

/**
 * Chooses, once per stored value, how its readers get copies: primitives need none, a flat object or array is spread,
 * everything else is copied in depth. So a hot hit of a plain record costs an object literal.
 */
export function copierFor(value: unknown): Copier {
  if (isShared(value)) return asIs
  if (Array.isArray(value)) return isFlatArray(value) ? slice : deepCopy
  return isFlatRecord(value as object) ? spread : deepCopy
}

/**
 * A copy that shares nothing changeable with its original: plain objects, arrays, Map, Set, Date, RegExp, errors,
 * buffers, typed arrays, and instances of classes (own properties under the same prototype; `#private` fields cannot
 * be copied, so such classes want `isolate: false`). Cycles and shared parts stay as they are. Functions, promises,
 * weak collections and the like cannot be copied and are shared.
 */
export function deepCopy(value: unknown): unknown {
  return isShared(value) ? value : copyObject(value as object, new Map())
}

type Seen = Map<object, unknown>

function copyPart(value: unknown, seen: Seen): unknown {
  if (isShared(value)) return value
  return seen.get(value as object) ?? copyObject(value as object, seen)
}

function copyObject(source: object, seen: Seen): unknown {
  if (Array.isArray(source)) return copyArray(source, seen)
  if (source instanceof Map) return copyMap(source, seen)
  if (source instanceof Set) return copySet(source, seen)
  const blank = blankOf(source)
  seen.set(source, blank)
  if (ArrayBuffer.isView(blank) || blank instanceof ArrayBuffer) return blank
  return copyProperties(source, blank, seen)
}

/** The object without its properties: what it is made of besides them. */
function blankOf(source: object): object {
  if (source instanceof Date) return new Date(source.getTime())
  if (source instanceof RegExp) return new RegExp(source)
  if (source instanceof ArrayBuffer) return source.slice(0)
  if (ArrayBuffer.isView(source)) return copyView(source)
  if (source instanceof Number || source instanceof String || source instanceof Boolean)
    return Object(source.valueOf())
  if (source instanceof Error) return blankError(source)
  return Object.create(Object.getPrototypeOf(source))
}

/** Errors are made as such: what shows their stack is the engine's own, and in newer ones no plain property. */
function blankError(source: Error): Error {
  const blank = Object.setPrototypeOf(new Error(source.message), Object.getPrototypeOf(source)) as Error
  Object.defineProperty(blank, 'stack', {
    value: source.stack,
    writable: true,
    configurable: true,
    enumerable: false,
  })
  return blank
}

/** A view on bytes of its own, however large the buffer was that it looked at. */
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
    // Defined, not assigned: an own `__proto__` stays a property, and a frozen original gives a copy that can be changed.
    const isFixed = 'value' in property && !(source instanceof Error)
    Object.defineProperty(copy, key, isFixed ? { ...property, writable: true, configurable: true } : property)
  }
  return copy
}

function copyArray(source: readonly unknown[], seen: Seen): unknown[] {
  const copy: unknown[] = new Array(source.length)
  seen.set(source, copy)
  for (let at = 0; at < source.length; at += 1) if (at in source) copy[at] = copyPart(source[at], seen)
  return copy
}

function copyMap(source: ReadonlyMap<unknown, unknown>, seen: Seen): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>()
  seen.set(source, copy)
  for (const [key, value] of source) copy.set(copyPart(key, seen), copyPart(value, seen))
  return copy
}

function copySet(source: ReadonlySet<unknown>, seen: Seen): Set<unknown> {
  const copy = new Set<unknown>()
  seen.set(source, copy)
  for (const value of source) copy.add(copyPart(value, seen))
  return copy
}

/** Primitives cannot change, and some objects cannot be copied. */
function isShared(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  )
}

function isFlatArray(value: readonly unknown[]): boolean {
  return (
    Object.getPrototypeOf(value) === Array.prototype &&
    value.every(isPrimitive) &&
    Object.keys(value).length === value.length
  )
}

/** A plain object of primitives: one that spreading reproduces. A getter is a value then: the one it has now. */
function isFlatRecord(value: object): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  let fields = 0
  for (const name in value) {
    if (!isPrimitive(value[name as never])) return false
    fields += 1
  }
  // Five times as fast as comparing with `Reflect.ownKeys`, and every value that is stored is asked.
  const hasOthers = Object.getOwnPropertyNames(value).length !== fields
  return !hasOthers && Object.getOwnPropertySymbols(value).length === 0
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null
}
