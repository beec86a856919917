/** The rules of one algorithm in Lua: a table of functions, which is named like the algorithm. */
export interface QuotaScript {
  /** `load(key, limit, window, stored)` returns the state of a quota, of which `stored` is the string under its key. */
  readonly rules: string
  /** The function that gives a cost back, which only refunds define. */
  readonly refund: string
}
