import { hasHole } from '../entry/has-hole'
import { LarderError } from '../errors'
import { isThenable } from '../maybe-promise'
import { describeValue, isAsyncFunction } from './describe-value'

/** @throws LarderError `BAD_ARGUMENT` unless `value` is a function. `example` is the right call. */
export function requireFunction(caller: string, value: unknown, example: string): void {
  if (typeof value === 'function') return
  throw badArgument(`${caller} takes a function; got ${describeValue(value)}.`, example)
}

/** @throws LarderError `BAD_ARGUMENT` unless `value` is a function whose answer is there at once. `example` is the right call. */
export function requireSynchronous(caller: string, value: unknown, example: string): void {
  requireFunction(caller, value, example)
  if (!isAsyncFunction(value as CallableFunction)) return
  throw badArgument(`${caller} takes a function that answers at once; got ${describeValue(value)}.`, example)
}

/** @throws LarderError `BAD_ARGUMENT` unless `value` is a list without holes. `example` is the right call. */
export function requireList(caller: string, value: unknown, example: string): void {
  if (Array.isArray(value) && !hasHole(value)) return
  const given = Array.isArray(value) ? 'a list with holes' : describeValue(value)
  throw badArgument(`${caller} takes a list; got ${given}.`, example)
}

/** @throws LarderError `BAD_ARGUMENT` unless `value` is a text that can be a name. `example` is the right call. */
export function requireName(caller: string, value: unknown, example: string): void {
  if (typeof value === 'string' && value !== '') return
  throw badArgument(`${caller} takes a name; got ${describeValue(value)}.`, example)
}

/** @throws LarderError `BAD_ARGUMENT` for a promise, whose value is not there yet. `example` is the right call. */
export function requireValue(caller: string, value: unknown, example: string): void {
  if (!isThenable(value)) return
  // Its rejection would otherwise be unhandled.
  Promise.resolve(value).catch(() => undefined)
  throw badArgument(`${caller} takes a value; got a promise of one.`, example)
}

/** The key-value pairs of an iterable. @throws LarderError `BAD_ARGUMENT` for anything else. `example` is the right call. */
export function toPairs(
  caller: string,
  value: unknown,
  example: string,
): (readonly [key: unknown, value: unknown])[] {
  const isIterable = typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === 'function'
  if (!isIterable || typeof value === 'string')
    throw badArgument(`${caller} takes pairs of a key and a value; got ${describeValue(value)}.`, example)
  return Array.from(value as Iterable<unknown>, (pair) => {
    if (Array.isArray(pair) && pair.length === 2) return pair as unknown as readonly [unknown, unknown]
    throw badArgument(
      `${caller} takes pairs of a key and a value; got ${describeValue(pair)} in the list.`,
      example,
    )
  })
}

/** The error for an argument of the wrong kind: the message ends with the right call. */
export function badArgument(message: string, example: string): LarderError {
  return new LarderError('BAD_ARGUMENT', `${message} Write ${example}.`)
}
