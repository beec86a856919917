import { LarderError } from '../errors'

/** What `{ after: token }` takes: the cache and a position on its log, as text for a header or a job. */
export function formatToken(cache: string, position: number): string {
  return `${encodeURIComponent(cache)}@${position.toString(36)}`
}

/** @throws LarderError `BAD_TOKEN` for anything that {@link formatToken} did not make for this cache. */
export function parseToken(cache: string, token: string): number {
  const [name, digits = ''] = typeof token === 'string' ? token.split('@') : []
  const position = /^[0-9a-z]{1,11}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN
  if (name === encodeURIComponent(cache) && Number.isSafeInteger(position)) return position
  throw new LarderError(
    'BAD_TOKEN',
    `after: "${String(token)}" is no token of the cache "${cache}". Pass the token that invalidate, set or delete returned.`,
  )
}
