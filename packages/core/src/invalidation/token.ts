import { LarderError } from '../errors'

/**
 * Returns a function that makes the tokens of a cache for `{ after: token }`: its name and a log position, as text that fits
 * into a header or a job.
 */
export function createTokenFormat(cache: string): (position: number) => string {
  const name = encodeURIComponent(cache)
  return (position) => `${name}@${position.toString(36)}`
}

/** The position of a token. @throws LarderError `BAD_TOKEN` for a malformed token, or one of another cache. */
export function parseToken(cache: string, token: string): number {
  const [name, digits = ''] = typeof token === 'string' ? token.split('@') : []
  const position = /^[0-9a-z]{1,11}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN
  if (name === encodeURIComponent(cache) && Number.isSafeInteger(position)) return position
  throw new LarderError(
    'BAD_TOKEN',
    `after must be a token of the cache "${cache}", as returned by invalidate, set or delete; got "${String(token)}".`,
  )
}
