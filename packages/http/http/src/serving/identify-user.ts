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
    if (typeof result === 'string' && result !== '') return { id: result }
    return typeof result === 'number' && Number.isFinite(result) ? { id: String(result) } : undefined
  },
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
