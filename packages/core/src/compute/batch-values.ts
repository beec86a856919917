import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'

/**
 * The values that the function of `getManyOrCompute` returned, by key. A row that the source does not have is missing here.
 * @throws LarderError `COMPUTE_FAILED` for a result that cannot be assigned to the keys.
 */
export function valuesByKey(keys: readonly string[], result: unknown): ReadonlyMap<string, unknown> {
  if (Array.isArray(result)) return valuesInOrder(keys, result)
  if (!isMap(result)) throw badResult(keys, describeValue(result))
  return new Map([...result].map(([key, value]) => [toTextKey(keys, key), value]))
}

function valuesInOrder(keys: readonly string[], values: readonly unknown[]): ReadonlyMap<string, unknown> {
  if (values.length !== keys.length) throw badResult(keys, `${values.length} values`)
  return new Map(keys.map((key, index) => [key, values[index]]))
}

/** Also a Map of another realm, and whatever can be read like one. */
function isMap(result: unknown): result is ReadonlyMap<unknown, unknown> {
  const map = result as Partial<ReadonlyMap<unknown, unknown>> | null | undefined
  return typeof map?.get === 'function' && typeof map[Symbol.iterator] === 'function'
}

/** Rows are often numbered: `new Map(rows.map((row) => [row.id, row]))`. */
function toTextKey(keys: readonly string[], key: unknown): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'bigint') return String(key)
  throw badResult(keys, `a Map with the key ${describeValue(key)}`)
}

function badResult(keys: readonly string[], given: string): LarderError {
  return new LarderError(
    'COMPUTE_FAILED',
    `getManyOrCompute: the function was called with ${keys.length} keys and returned ${given}. Return a list with one value per key in their order, or a Map by key, such as new Map(rows.map((row) => [row.id, row])).`,
  )
}
