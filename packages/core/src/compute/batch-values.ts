import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'

/**
 * The values that the function of `getManyOrCompute` or `loader` returned, by key. A row that the source does not have is
 * missing here.
 *
 * @param caller - The method that got the function, for error messages.
 * @param given - The list of keys that the function got, as it has left it.
 * @throws LarderError `COMPUTE_FAILED` for a result that cannot be assigned to the keys.
 */
export function valuesByKey(
  caller: string,
  keys: readonly string[],
  given: readonly string[],
  result: unknown,
): ReadonlyMap<string, unknown> {
  const refuse = (given: string) => badResult(caller, keys, given)
  if (Array.isArray(result)) {
    if (result.length !== keys.length) throw refuse(`${result.length} values`)
    if (isReordered(keys, given)) throw refuse('a list, after it had changed the order of the keys in place')
    return new Map(keys.map((key, index) => [key, result[index]]))
  }
  if (!isMap(result)) throw refuse(describeValue(result))
  return new Map([...result].map(([key, value]) => [toTextKey(key, refuse), value]))
}

/** Whether the values may be in either order. A function that takes its keys from the list, to read them in parts, keeps theirs. */
function isReordered(keys: readonly string[], given: readonly string[]): boolean {
  return given.length === keys.length && keys.some((key, index) => key !== given[index])
}

/** Also a Map of another realm, and whatever can be read like one. */
function isMap(result: unknown): result is ReadonlyMap<unknown, unknown> {
  const map = result as Partial<ReadonlyMap<unknown, unknown>> | null | undefined
  return typeof map?.get === 'function' && typeof map[Symbol.iterator] === 'function'
}

/** Rows are often numbered: `new Map(rows.map((row) => [row.id, row]))`. */
function toTextKey(key: unknown, refuse: (given: string) => Error): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'bigint') return String(key)
  throw refuse(`a Map with the key ${describeValue(key)}`)
}

function badResult(caller: string, keys: readonly string[], given: string): LarderError {
  return new LarderError(
    'COMPUTE_FAILED',
    `${caller}: the function was called with ${keys.length} keys and returned ${given}. Return a list with one value per key in their order, or a Map by key, such as new Map(rows.map((row) => [row.id, row])).`,
  )
}
