import { type Duration, toMs } from '../entry/duration'
import { LarderError } from '../errors'
import type { EntryOptions, TagsOf, TtlOf, WaitOptions } from '../options'
import { defaults } from '../options'

/** Options in force for one entry: complete, checked, durations in ms. */
export interface Rules {
  readonly ttl: TtlOf<never>
  readonly tags: TagsOf<never>
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  readonly retryAfter: number
  readonly refreshAhead: number
  readonly earlyExpiry: number
  readonly jitter: number
  readonly negativeTtl: number | undefined
  readonly errorTtl: number
  readonly cacheIf: ((value: never) => boolean) | undefined
  readonly sourceLag: number
  readonly isolate: boolean
  readonly softTimeout: number
  readonly hardTimeout: number
}

export type RuleOptions = Omit<EntryOptions<never>, never> & WaitOptions

/**
 * Puts options over a base.
 * @throws LarderError `BAD_DURATION` or `BAD_OPTION`, naming the option and saying what to write instead.
 */
export function resolveRules(options: RuleOptions | undefined, base: Rules): Rules {
  if (options === undefined) return base
  const ms = (
    name:
      | 'staleWhileRevalidate'
      | 'staleIfError'
      | 'retryAfter'
      | 'errorTtl'
      | 'sourceLag'
      | 'softTimeout'
      | 'hardTimeout',
  ) => (options[name] === undefined ? base[name] : toMs(options[name], name))
  const { ttl = base.ttl } = options
  return {
    ttl: typeof ttl === 'function' ? ttl : toMs(ttl, 'ttl'),
    tags: options.tags ?? base.tags,
    staleWhileRevalidate: ms('staleWhileRevalidate'),
    staleIfError: ms('staleIfError'),
    retryAfter: ms('retryAfter'),
    refreshAhead: share(options.refreshAhead, 'refreshAhead') ?? base.refreshAhead,
    earlyExpiry: notNegative(options.earlyExpiry, 'earlyExpiry') ?? base.earlyExpiry,
    jitter: share(options.jitter, 'jitter') ?? base.jitter,
    negativeTtl:
      options.negativeTtl === undefined ? base.negativeTtl : toMs(options.negativeTtl, 'negativeTtl'),
    errorTtl: ms('errorTtl'),
    cacheIf: options.cacheIf ?? base.cacheIf,
    sourceLag: ms('sourceLag'),
    isolate: options.isolate ?? base.isolate,
    softTimeout: ms('softTimeout'),
    hardTimeout: ms('hardTimeout'),
  }
}

/** The rules where nobody says anything. */
export const defaultRules: Rules = resolveRules(defaults, {
  ttl: 0,
  tags: [],
  staleWhileRevalidate: 0,
  staleIfError: 0,
  retryAfter: 0,
  refreshAhead: 1,
  earlyExpiry: 0,
  jitter: 0,
  negativeTtl: undefined,
  errorTtl: 0,
  cacheIf: undefined,
  sourceLag: 0,
  isolate: true,
  softTimeout: 0,
  hardTimeout: 0,
})

/** The ttl for a value, before jitter. */
export function ttlOf(rules: Rules, value: unknown): number {
  const { ttl } = rules
  const chosen: Duration = typeof ttl === 'function' ? ttl(value as never) : ttl
  const ms = toMs(chosen, 'ttl')
  return value === undefined || value === null ? (rules.negativeTtl ?? ms) : ms
}

/** The tags for a value. */
export function tagsOf(rules: Rules, value: unknown): readonly string[] {
  return typeof rules.tags === 'function' ? rules.tags(value as never) : rules.tags
}

function share(value: number | undefined, name: string): number | undefined {
  if (value === undefined || (value >= 0 && value <= 1)) return value
  throw new LarderError(
    'BAD_OPTION',
    `${name}: ${value} is not a share. Write a number from 0 to 1, such as 0.8.`,
  )
}

function notNegative(value: number | undefined, name: string): number | undefined {
  if (value === undefined || (value >= 0 && value < Number.POSITIVE_INFINITY)) return value
  throw new LarderError(
    'BAD_OPTION',
    `${name}: ${value} is not possible. Write 0 (off), or a factor such as 1.`,
  )
}
