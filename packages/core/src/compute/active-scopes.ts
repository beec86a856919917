/**
 * How much is under way that a caller could be inside of: computations, transactions, the end of the cache. While it is
 * nothing, which costs one look, no scope has to be asked where the caller stands.
 */
export interface ActiveScopes {
  count: number
}
