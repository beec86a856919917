/** Keys in the recent generation; the two generations hold up to twice as many. */
const capacity = 1_000
/** Longer string arguments are not memoized, to bound memory. */
const maxArgumentLength = 64

/**
 * Memoizes the keys of recently used arguments, in two generations: a lookup is four times as fast as formatting the key
 * again, and a string object that is reused keeps its hash, so that maps need not compute it again.
 */
export function memoizeKeys(
  keyOf: (argument: string | number) => string,
): (argument: string | number) => string {
  let recent = new Map<string | number, string>()
  let older: ReadonlyMap<string | number, string> = new Map()

  function computeKey(argument: string | number): string {
    const key = older.get(argument) ?? keyOf(argument)
    if (typeof argument === 'string' && argument.length > maxArgumentLength) return key
    if (recent.size >= capacity) {
      older = recent
      recent = new Map()
    }
    recent.set(argument, key)
    return key
  }

  return (argument) => recent.get(argument) ?? computeKey(argument)
}
