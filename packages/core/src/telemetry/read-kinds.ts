/** Those of functions, namespaces and rules of HTTP are meant to be hits; a request without a rule is left to its response. */
export type ReadKind = 'function' | 'response' | 'unruled'

/** Begins the names under which a cache of responses counts: `http/GET /products/:id`, `shop/http/*`, `http 2/*`. */
const responses = '(.+/)?http( [0-9]+)?/'

/** Matches the whole name of a response, in the syntax that JavaScript and PromQL share. */
export const responseNames = `${responses}.*`

/** Matches the whole name under which requests are counted that no rule of HTTP is for. */
export const unruledNames = `${responses}[*]`

const isResponse = new RegExp(`^${responseNames}$`, 's')
const isUnruled = new RegExp(`^${unruledNames}$`, 's')

/**
 * The kind of the reads that are counted under a name of `stats().functions`. Those without a rule are left out of the hit
 * ratio of a cache, in `stats()`, metrics and alerts alike: most of them cannot be stored, and every request counts as a miss.
 */
export function readKindOf(name: string): ReadKind {
  if (isUnruled.test(name)) return 'unruled'
  return isResponse.test(name) ? 'response' : 'function'
}
