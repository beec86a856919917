import { LarderError } from '@larder/core'
import type { Warn } from '../warner'

/** How a function of the application is called and its result checked. */
export interface FunctionCheck<T> {
  /** Names the function in warnings: `routes['/jobs'].key`. */
  readonly subject: string
  /** Valid results: `a string`. */
  readonly expected: string
  /** Where the asynchronous part of the function belongs instead, as a sentence. */
  readonly asynchronousPart: string
  /** Converts a result; undefined, or an exception, for one that is invalid. */
  parse(result: unknown): T | undefined
}

/**
 * Calls a function of the application. If it throws or its result is invalid, there is a warning and the result is
 * undefined: the request bypasses the cache, and is never answered with an error because of it.
 */
export function callChecked<T>(
  { subject, expected, asynchronousPart, parse }: FunctionCheck<T>,
  warn: Warn,
  call: () => unknown,
): T | undefined {
  try {
    const result = call()
    if (isThenable(result)) {
      Promise.resolve(result).catch(() => undefined)
      warn(subject, `returned a promise. ${asynchronousPart}`)
      return undefined
    }
    const parsed = parse(result)
    if (parsed === undefined) warn(subject, `must return ${expected}; got ${describe(result)}.`)
    return parsed
  } catch (error) {
    warn(subject, `failed, so the request bypasses the cache: ${messageOf(error)}`)
    return undefined
  }
}

/** @throws LarderError `BAD_OPTION` for an option that is neither missing nor a synchronous function. */
export function checkFunction(
  { subject, asynchronousPart }: Pick<FunctionCheck<unknown>, 'subject' | 'asynchronousPart'>,
  value: unknown,
): void {
  if (value === undefined) return
  if (typeof value !== 'function')
    throw new LarderError('BAD_OPTION', `${subject} must be a function; got ${describe(value)}.`)
  if (value.constructor.name === 'AsyncFunction')
    throw new LarderError('BAD_OPTION', `${subject} must not be asynchronous. ${asynchronousPart}`)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}

/** Values may be personal data: only their type is named. */
function describe(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : describe(error)
}
