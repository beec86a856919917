/**
 * Whether two values have the same content. Ignores the order of properties, and properties that are `undefined`; dates
 * are compared by time. Other class instances are compared by their properties, and must have the same prototype.
 */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (prototypeOf(a) !== prototypeOf(b)) return false
  if (a instanceof Date) return a.getTime() === (b as Date).getTime()
  if (a instanceof Map) return isDeepEqual([...a], [...(b as typeof a)])
  if (a instanceof Set) return isDeepEqual([...a], [...(b as typeof a)])
  const names = definedKeys(a)
  return (
    names.length === definedKeys(b).length &&
    names.every((name) => isDeepEqual(a[name as never], b[name as never]))
  )
}

/** Objects without a prototype count as plain objects. */
function prototypeOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype
}

/** Properties that are not `undefined`: stores and databases differ in whether they keep those. */
function definedKeys(value: object): string[] {
  return Object.keys(value).filter((name) => value[name as never] !== undefined)
}
