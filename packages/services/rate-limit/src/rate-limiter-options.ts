import {
  type Clock,
  checkOptions,
  choiceKind,
  countKind,
  type Duration,
  describeValue,
  durationKind,
  functionKind,
  kindOf,
  LarderError,
  nameKind,
  type OptionTable,
  objectKind,
  textKind,
} from '@larder/core'
import { type ClientOptions, clientOptionTable } from '@larder/redis/kit'
import { type Policy, type ResolvedPolicy, resolvePolicy } from './policy'

/** Options of a limiter that counts in this process only. */
export interface LocalLimiterOptions {
  /** The limits that hold for each identity, unless a call names others. */
  readonly policies: readonly Policy[]
  /** Identities that are counted in this process; new ones beyond it are refused until old ones have ended. @defaultValue 10_000 */
  readonly maxIdentities?: number | undefined
  /** For tests: replaces the clock, also that of Redis. @defaultValue the system's */
  readonly clock?: Clock | undefined
}

/** Options of {@link createRateLimiter}: how to reach Redis, and the limits. */
export interface RateLimiterOptions extends ClientOptions, LocalLimiterOptions {
  /** Limiters of one name share their counts, over all processes: `'shop'`. */
  readonly name: string
  /** The beginning of every key. @defaultValue 'larder' */
  readonly prefix?: string | undefined
  /**
   * When Redis does not answer: `local` counts in each process by the same rules, so that `limit × processes` get through at
   * most; `open` admits everything; `closed` refuses everything.
   * @defaultValue 'local'
   */
  readonly ifUnavailable?: 'local' | 'open' | 'closed' | undefined
  /** The timeout of each call of Redis. @defaultValue '250ms' */
  readonly storeTimeout?: Duration | undefined
  /** How long the circuit breaker stays open before the next attempt. @defaultValue '1s' */
  readonly circuitPause?: Duration | undefined
  /** Receives the error of each call of Redis that failed. @defaultValue one warning of the process per outage */
  readonly onError?: ((error: unknown) => void) | undefined
}

const localTable: OptionTable<LocalLimiterOptions> = {
  policies: kindOf("a list such as [{ name: 'per-minute', limit: 100, window: '1m' }]", Array.isArray),
  maxIdentities: countKind,
  clock: objectKind('systemClock', 'now', 'monotonic'),
}

const limiterTable: OptionTable<RateLimiterOptions> = {
  ...clientOptionTable,
  ...localTable,
  name: nameKind,
  prefix: textKind,
  ifUnavailable: choiceKind('local', 'open', 'closed'),
  storeTimeout: durationKind,
  circuitPause: durationKind,
  onError: functionKind('(error) => console.error(error)'),
}

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` */
export function checkLimiterOptions(caller: string, options: RateLimiterOptions): readonly ResolvedPolicy[] {
  checkOptions(caller, options ?? {}, limiterTable)
  if (options?.name === undefined)
    throw new LarderError('BAD_OPTION', `${caller} needs a name, such as { name: 'shop' }.`)
  return resolvePolicies(caller, options.policies)
}

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` */
export function checkLocalOptions(caller: string, options: LocalLimiterOptions): readonly ResolvedPolicy[] {
  checkOptions(caller, options ?? {}, localTable)
  return resolvePolicies(caller, options?.policies)
}

function resolvePolicies(caller: string, policies: readonly Policy[] | undefined): readonly ResolvedPolicy[] {
  if (policies === undefined || policies.length === 0)
    throw new LarderError(
      'BAD_OPTION',
      `${caller} needs policies: [{ name: 'per-minute', limit: 100, window: '1m' }]; got ${describeValue(policies)}.`,
    )
  const resolved = policies.map((policy) => resolvePolicy(caller, policy))
  const names = resolved.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `${caller} has two policies named "${twice}". Give each its own name.`,
    )
  return resolved
}
