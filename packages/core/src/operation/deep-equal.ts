/** Whether two values have the same content: as JSON shows it, but for the order of properties; dates by their time. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (kindOf(a) !== kindOf(b)) return false
  if (a instanceof Date) return a.getTime() === (b as Date).getTime()
  if (a instanceof Map) return isDeepEqual([...a], [...(b as typeof a)])
  if (a instanceof Set) return isDeepEqual([...a], [...(b as typeof a)])
  const names = definedIn(a)
  return (
    names.length === definedIn(b).length &&
    names.every((name) => isDeepEqual(a[name as never], b[name as never]))
  )
}

/** Objects without a prototype are plain objects like others. */
function kindOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype
}

/** A property that is undefined is as good as none: stores and databases do not agree on them. */
function definedIn(value: object): string[] {
  return Object.keys(value).filter((name) => value[name as never] !== undefined)
}
