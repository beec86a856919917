/** The decision on one request. */
export interface Verdict {
  readonly allowed: boolean
  /** Which state decided: that of Redis, that of this process, or none at all. */
  readonly by: 'redis' | 'local' | 'none'
  /** The state of each policy after this request; empty if none was asked. */
  readonly policies: readonly PolicyState[]
  /** In ms, until the same request would be admitted if no other came; 0 if it was admitted. */
  readonly retryAfter: number
}

/** The state of one policy for one identity. */
export interface PolicyState {
  readonly name: string
  readonly limit: number
  /** The length of the window, in ms. */
  readonly window: number
  /** The cost that would still be admitted now. */
  readonly remaining: number
  /** In ms, until all of the limit is available again if no request comes. */
  readonly resetIn: number
  /** Whether this policy refused the request. */
  readonly refused: boolean
}

/** One verdict for the identities of one request: all of them have to admit it. */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts
  if (verdicts.length === 1 && first !== undefined) return first
  return {
    allowed: verdicts.every(({ allowed }) => allowed),
    by: first?.by ?? 'none',
    policies: verdicts.flatMap(({ policies }) => policies),
    retryAfter: Math.max(0, ...verdicts.map(({ retryAfter }) => retryAfter)),
  }
}
