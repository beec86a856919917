import { LarderError } from '../errors'

/** The token for `{ after: token }`: the cache's name and a log position, as text that fits into a header or a job. */
export function formatToken(cache: string, position: number): string {
  return `${encodeURIComponent(cache)}@${position.toString(36)}`
}

/** Undoes {@link formatToken}. @throws LarderError `BAD_TOKEN` for a malformed token, or one of another cache. */
export function parseToken(cache: string, token: string): number {
  const [name, digits = ''] = typeof token === 'string' ? token.split('@') : []
  const position = /^[0-9a-z]{1,11}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN
  if (name === encodeURIComponent(cache) && Number.isSafeInteger(position)) return position
  throw new LarderError(
    'BAD_TOKEN',
    `after must be a token of the cache "${cache}", as returned by invalidate, set or delete; got "${String(token)}".`,
  )
}
