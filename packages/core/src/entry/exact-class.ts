/** Built-in classes by name, each with a call that throws for anything but a real instance, of this realm or another. */
const brandChecks: Readonly<Record<string, (value: never) => unknown>> = {
  Array: (value) => Array.isArray(value) || throwNotBranded(),
  Map: (value) => Map.prototype.has.call(value, undefined),
  Set: (value) => Set.prototype.has.call(value, undefined),
  Date: (value) => Date.prototype.getTime.call(value),
  RegExp: (value) => Object.prototype.toString.call(value) === '[object RegExp]' || throwNotBranded(),
  ArrayBuffer: (value) => ArrayBuffer.prototype.slice.call(value, 0, 0),
}

function throwNotBranded(): never {
  throw new TypeError('Not an instance.')
}

/** The classes of this realm by their prototypes: the common case takes one lookup. */
const ownClasses: ReadonlyMap<object | null, string> = new Map<object | null, string>([
  [Map.prototype, 'Map'],
  [Set.prototype, 'Set'],
  [Date.prototype, 'Date'],
  [RegExp.prototype, 'RegExp'],
  [ArrayBuffer.prototype, 'ArrayBuffer'],
])

const getPrototypeOf: (value: object) => object | null = Object.getPrototypeOf

/** Names of built-in classes by the prototypes that descend from them; undefined for other prototypes. */
const namesOfDescendants = new WeakMap<object, string | undefined>()

/** The name of the built-in class with these internal slots; subclasses count, instances of another realm too. */
export function builtInClassOf(value: object): string | undefined {
  if (Array.isArray(value)) return 'Array'
  if (ArrayBuffer.isView(value)) return 'View'
  const prototype = getPrototypeOf(value)
  const name = ownClasses.get(prototype) ?? nearestBuiltIn(prototype)
  // A prototype alone proves nothing: `Object.create(Map.prototype)` has no entries.
  return name !== undefined && hasBrand(value, name) ? name : undefined
}

function nearestBuiltIn(prototype: object | null): string | undefined {
  if (prototype === null || prototype === Object.prototype) return undefined
  if (namesOfDescendants.has(prototype)) return namesOfDescendants.get(prototype)
  const own = constructorNameOf(prototype)
  const isBuiltIn = own !== undefined && Object.hasOwn(brandChecks, own)
  const name = isBuiltIn ? own : nearestBuiltIn(getPrototypeOf(prototype))
  namesOfDescendants.set(prototype, name)
  return name
}

/** Whether the object was made by `{}` or by `Object.create(null)`, in this realm or another. */
export function isPlainRecord(value: object): boolean {
  const prototype = getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return true
  return isRootPrototype(prototype)
}

/** Whether the prototype is that of a built-in class itself, and not of a subclass. */
export function isExactly(value: object, className: string): boolean {
  const prototype = getPrototypeOf(value)
  if (prototype === null || constructorNameOf(prototype) !== className) return false
  const parent = getPrototypeOf(prototype)
  return parent !== null && isRootPrototype(parent)
}

/** The prototype at the end of every chain: `Object.prototype` of some realm. */
function isRootPrototype(prototype: object): boolean {
  return getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty')
}

function hasBrand(value: object, name: string): boolean {
  try {
    brandChecks[name]?.(value as never)
    return true
  } catch {
    return false
  }
}

function constructorNameOf(prototype: object): string | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof maker === 'function' ? maker.name : undefined
}
