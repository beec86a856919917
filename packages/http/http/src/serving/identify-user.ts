import type { HttpCacheOptions } from '../contracts/options'
import { callChecked, checkFunction } from '../routes/checked-function'
import type { Warn } from '../warner'

/** The user of a request: an identity, `undefined` for a request without one, or `unknown` if `user` failed. */
export type Identity = { readonly id: string } | undefined | 'unknown'

const check = {
  subject: 'user',
  expected: 'a string or a number that identifies the user, or undefined',
  asynchronousPart:
    'Identify the user in a middleware before the cache, and let user read the result: user: (request) => request.user?.id.',
  parse: (result: unknown) => {
    if (result === undefined || result === null) return { id: undefined }
    const id = toUserId(result)
    return id === undefined ? undefined : { id }
  },
}

/** The identity that a value names: a non-empty string, or a finite number as text. Undefined for anything else. */
export function toUserId(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/**
 * Makes the function that identifies the user of a request by the option `user`.
 * @throws LarderError `BAD_OPTION` for an option that is not a function, or an asynchronous one.
 */
export function createIdentification<S>(
  user: HttpCacheOptions<S>['user'],
  warn: Warn,
): (source: S) => Identity {
  checkFunction(check, user)
  if (user === undefined) return () => undefined
  return (source) => {
    const result = callChecked<{ id: string | undefined }>(check, warn, () => user(source))
    if (result === undefined) return 'unknown'
    return result.id === undefined ? undefined : { id: result.id }
  }
}
