/** Keys remembered for certain; twice as many are held. */
const capacity = 1_000
/** Longer arguments are not kept for longer than their call. */
const longest = 64

/**
 * Remembers the keys of arguments in use: looking one up is four times as fast as writing it down again, and the same text
 * is not hashed anew by every map that is asked for it. Once the recent ones are many, the older ones are forgotten.
 */
export function memoizeKeys(
  keyOf: (argument: string | number) => string,
): (argument: string | number) => string {
  let recent = new Map<string | number, string>()
  let older: ReadonlyMap<string | number, string> = new Map()

  function remember(argument: string | number): string {
    const key = older.get(argument) ?? keyOf(argument)
    if (typeof argument === 'string' && argument.length > longest) return key
    if (recent.size >= capacity) {
      older = recent
      recent = new Map()
    }
    recent.set(argument, key)
    return key
  }

  return (argument) => recent.get(argument) ?? remember(argument)
}
