import { builtInClassOf, isPlainRecord } from './exact-class'

/**
 * Whether objects hold state beside their properties, by their prototype. Real instances of built-in classes stand apart
 * from their proxies, which have the same prototype.
 */
const knownBuiltIns = new WeakMap<object, boolean>()
const knownOthers = new WeakMap<object, boolean>()

/**
 * Source text of a class that uses `#private` fields (`this.#name`, `#name in value`), or those of a compiler for older
 * engines. A `#` in a text does not count, such as that of the colour `'#fff'`.
 */
const privateFields =
  /\.\s*#[\p{ID_Start}$_]|#[\p{ID_Start}$_][\p{ID_Continue}$]*\s+in\b|__private(?:Add|Get|Set)|_classPrivate/u

/** Types that Node tells apart by their internal slots. */
const nodeTypes = globalThis.process?.getBuiltinModule?.('node:util')?.types

/**
 * Whether an object holds state beside its properties, so that a copy of the properties would be an empty shell: native
 * handles (keys, sockets), `#private` fields, objects of the platform (URL, Headers, Blob, Intl, Temporal, promises,
 * generators, weak collections), streams, and proxies of built-in classes.
 */
export function hasHiddenState(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return false
  const isBuiltIn = builtInClassOf(value) !== undefined
  const prototypes = isBuiltIn ? knownBuiltIns : knownOthers
  const known = prototypes.get(prototype)
  if (known !== undefined) return known
  const isPlatform = !isBuiltIn && isPlatformObject(value)
  const isHidden = !isPlainRecord(value) && (isPlatform || hasHiddenMaker(prototype, isBuiltIn))
  prototypes.set(prototype, isHidden)
  return isHidden
}

function hasHiddenMaker(prototype: object, isBuiltIn: boolean): boolean {
  for (
    let at: object | null = prototype;
    at !== null && !isRoot(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const maker: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    if (typeof maker === 'function' && isHiddenMaker(maker, isBuiltIn)) return true
  }
  return false
}

/** Platform objects carry their name as a tag (Web IDL, ECMAScript), keys and externals a slot, streams a `pipe`. */
function isPlatformObject(value: object): boolean {
  const { [Symbol.toStringTag]: tag, pipe } = value as { [Symbol.toStringTag]?: unknown; pipe?: unknown }
  const isSlotted = nodeTypes?.isExternal(value) === true || nodeTypes?.isKeyObject?.(value) === true
  return typeof tag === 'string' || typeof pipe === 'function' || isSlotted
}

/** Whether the class is native, beside the built-in ones and errors, or has private fields. */
function isHiddenMaker(maker: CallableFunction, isBuiltIn: boolean): boolean {
  const source = Function.prototype.toString.call(maker)
  const isNative = isNativeSource(source) && !maker.name.startsWith('bound ')
  const isCopied =
    isBuiltIn || maker === Error || maker.prototype instanceof Error || copiedNatives.has(maker.name)
  return isNative ? !isCopied : privateFields.test(source)
}

/** Whether it is the source text of a native function, or of a bound one. */
export const isNativeSource = (source: string) => /\{\s*\[native code\]\s*\}$/.test(source)

/** Native classes that are copied by their properties or by `valueOf`. */
const copiedNatives: ReadonlySet<string> = new Set(['Number', 'String', 'Boolean', 'Error', 'Function'])

const isRoot = (prototype: object) => Object.getPrototypeOf(prototype) === null
