import { Problem } from './problem'

/**
 * Refuses what another site has a browser ask for. Browsers say where a request comes from in `Sec-Fetch-Site`, older
 * ones in `Origin`; whatever is no browser says neither, and has to be authorized like the rest.
 * @throws Problem 403.
 */
export function requireSameSite({ headers, url }: Request): void {
  const site = headers.get('sec-fetch-site')
  const isForeign = site !== null && site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  if (!isForeign && (origin === null || hostOf(origin) === (headers.get('host') ?? new URL(url).host))) return
  throw new Problem(403, 'Cross-site request', 'Requests of other sites are refused.')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
