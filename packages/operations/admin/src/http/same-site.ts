import { Problem } from './problem'

/**
 * Refuses requests that another site makes a browser send (CSRF). Browsers name the origin of a request in
 * `Sec-Fetch-Site`, older ones in `Origin`. Clients other than browsers send neither, and pass.
 * @throws Problem 403.
 */
export function requireSameSite({ headers, url }: Request): void {
  const site = headers.get('sec-fetch-site')
  const isCrossSite = site !== null && site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  const isSameHost = origin === null || hostOf(origin) === (headers.get('host') ?? new URL(url).host)
  if (!isCrossSite && isSameHost) return
  throw new Problem(403, 'Cross-site request', 'Requests from other sites are refused.')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
