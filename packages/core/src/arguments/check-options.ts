import { LarderError } from '../errors'
import { describeValue } from './describe-value'
import { findNearestName } from './nearest-name'
import type { OptionKind } from './option-kinds'

/** All options of one entry point by name, each with the values that it accepts. A forgotten option does not compile. */
export type OptionTable<T> = { readonly [Name in keyof Required<T>]: OptionKind }

/** Names that other libraries use for options of Larder, by the latter. */
const namesElsewhere: Readonly<Record<string, string>> = {
  ttl: 'ex px expire expires expiresIn maxAge timeToLive cacheTime defaultTTL defaultTtl duration gcTime revalidate staleTime stdTTL',
  key: 'cacheKey hashFunction keyGenerator normalizer resolver serializeKey',
  isolate: 'clone useClones',
  cacheIf: 'shouldCache',
  tags: 'references',
  staleWhileRevalidate: 'swr',
  refreshAhead: 'refreshThreshold',
  staleIfError: 'grace gracePeriod',
  hardTimeout: 'timeout',
  fresh: 'forceFresh forceRefresh',
  maxEntries: 'max maxItems',
  maxBytes: 'maxSize',
  prefix: 'keyPrefix namespace',
  client: 'redis',
  url: 'host port',
}

/**
 * Rejects options that the entry point does not have, and values that they do not accept: a misspelt option must not be
 * ignored silently. Options that are undefined count as not given.
 *
 * @param caller - Begins the message: `redisStore`.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION`, with the nearest right name.
 */
export function checkOptions(
  caller: string,
  options: unknown,
  table: Readonly<Record<string, OptionKind>>,
): void {
  if (options === undefined) return
  requireOptionsObject(caller, options, table)
  for (const name of Object.keys(options)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined
    if (kind === undefined) throw unknownOption(caller, name, Object.keys(table))
    const value = options[name]
    if (value !== undefined) kind(value, `${caller}: ${name}`)
  }
}

/** Options that a number or a text in place of the options most probably means. */
const meantByValue = ['ttl', 'pattern', 'timeout', 'maxEntries', 'maxBytes', 'url', 'name']

/** @throws LarderError `BAD_OPTION` for anything but an object of options, such as the ttl of another library's `set`. */
export function requireOptionsObject(
  caller: string,
  options: unknown,
  table: Readonly<Record<string, OptionKind>>,
): asserts options is Record<string, unknown> {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return
  const meant = meantByValue.find((name) => table[name] !== undefined && accepts(table[name], options))
  // Another library's ttl is in seconds.
  const value = meant === 'ttl' && typeof options === 'number' ? "'60s'" : describeValue(options)
  const hint = meant === undefined ? '' : `, such as { ${meant}: ${value} }`
  throw new LarderError(
    'BAD_OPTION',
    `${caller} takes its options as an object${hint}; got ${describeValue(options)}.`,
  )
}

function accepts(kind: OptionKind, value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  try {
    kind(value, '')
    return true
  } catch {
    return false
  }
}

/** The error for an option that does not exist. */
export function unknownOption(caller: string, name: string, known: readonly string[]): LarderError {
  const meant = known.find((own) => namesElsewhere[own]?.split(' ').includes(name))
  const nearest = meant ?? findNearestName(name, known)
  const hint = nearest === undefined ? '' : ` Write ${nearest}.`
  return new LarderError(
    'BAD_OPTION',
    `${caller} has no option "${name}".${hint} Its options are: ${[...known].sort().join(', ')}.`,
  )
}
