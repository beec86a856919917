import {
  booleanKind,
  checkOptions,
  choiceKind,
  countKind,
  type Duration,
  describeValue,
  durationKind,
  kindOf,
  LarderError,
  type OptionTable,
  toMs,
} from '@larder/core'

/** A limit on the requests of one identity. */
export interface Policy {
  /** Letters, digits, `-` and `_`; clients read it in the `RateLimit` field, and it is part of the key. */
  readonly name: string
  /** The most that is admitted in any window: requests, or their costs. */
  readonly limit: number
  /** The length of the window: from 1 ms to ten years. */
  readonly window: Duration
  /**
   * `strict` counts in 60 parts of the window, in memory that does not grow with the limit, and admits a little less than the
   * limit where requests come in bursts. `log` remembers each admission, for limits up to 10 000 where each one matters.
   * `counter` weights two windows: the cheapest, and the only one that admits more than the limit in some windows, up to
   * half as much again.
   * @defaultValue 'strict'
   */
  readonly algorithm?: Algorithm | undefined
  /** Whether a refused request counts as well, so that a client must pause before it is admitted again. @defaultValue false */
  readonly countRefused?: boolean | undefined
}

export type Algorithm = 'strict' | 'log' | 'counter'

/** A policy with its defaults filled in. Times in µs, in which quotas are counted. */
export interface ResolvedPolicy {
  readonly name: string
  readonly limit: number
  readonly window: number
  readonly algorithm: Algorithm
  readonly countRefused: boolean
  /** Names the state of this policy: another limit goes on with it, another window or algorithm does not. */
  readonly id: string
}

/** Ten years in ms: in µs, every sum of times is still a whole number in Lua. */
export const longestTime = 315_360_000_000

/** The most that `log` remembers per identity. */
const longestLog = 10_000

const policyTable: OptionTable<Policy> = {
  name: kindOf(
    "a name of letters, digits, '-' and '_', such as 'per-minute'",
    (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
  ),
  limit: countKind,
  window: durationKind,
  algorithm: choiceKind('strict', 'log', 'counter'),
  countRefused: booleanKind,
}

const required = ['name', 'limit', 'window'] as const

/**
 * Checks a policy and fills in its defaults.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function resolvePolicy(caller: string, policy: Policy): ResolvedPolicy {
  checkOptions(`${caller}: a policy`, policy, policyTable)
  const missing = required.find((name) => policy?.[name] === undefined)
  if (missing !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `${caller}: a policy needs ${missing}. Write { name: 'per-minute', limit: 100, window: '1m' }.`,
    )
  const { name, limit, algorithm = 'strict', countRefused = false } = policy
  const windowMs = toMs(policy.window, `${caller}: window of policy "${name}"`)
  if (windowMs < 1 || windowMs > longestTime)
    throw new LarderError(
      'BAD_OPTION',
      `${caller}: window of policy "${name}" must be from 1 ms to ten years; got ${describeValue(policy.window)}.`,
    )
  if (algorithm === 'log' && limit > longestLog)
    throw new LarderError(
      'BAD_OPTION',
      `${caller}: policy "${name}" would remember ${limit} requests of each identity; 'log' remembers ${longestLog} at most. Write algorithm: 'strict'.`,
    )
  const window = Math.ceil(windowMs * 1_000)
  return { name, limit, window, algorithm, countRefused, id: `${name}:${algorithm}:${window}` }
}
