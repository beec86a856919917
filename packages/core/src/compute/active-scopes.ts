/** Number of active computations and transactions. While it is 0, no `AsyncLocalStorage` lookup is needed. */
export interface ActiveScopes {
  count: number
}
