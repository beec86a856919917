import {
  anyKind,
  booleanKind,
  checkOptions,
  choiceKind,
  countKind,
  durationKind,
  functionKind,
  kindOf,
  LarderError,
  type OptionTable,
  objectKind,
} from '@larder/core'
import type { CacheStatusOptions, HttpCacheOptions } from './contracts/options'
import type { RouteRule } from './contracts/route-rule'
import { isToken } from './fields/cache-status'
import { type ResolvedRule, ruleOptionTable } from './routes/resolve-rule'
import { nameListKind } from './routes/rule-option-kinds'

const tokenKind = kindOf(
  "a token (RFC 9651) such as 'larder'",
  (value) => typeof value === 'string' && isToken(value),
)

const cacheStatusTable: OptionTable<CacheStatusOptions> = { name: tokenKind, bypass: booleanKind }

/** The options that are not those of a rule. */
const ownOptionTable: OptionTable<Omit<HttpCacheOptions, keyof RouteRule>> = {
  // Checked with its own message.
  cache: anyKind,
  routes: objectKind("{ '/jobs/:id': { ttl: '1m' } }"),
  user: anyKind,
  credentials: nameListKind("['x-api-key']"),
  hosts: nameListKind("['shop.example']"),
  heuristic: kindOf(
    'a number from 0 to 1, such as 0.1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ),
  targets: nameListKind("['cdn-cache-control']"),
  keepStale: durationKind,
  maxKeys: countKind,
  maxVariants: countKind,
  maxTargetLength: countKind,
  collapseTimeout: durationKind,
  cacheStatus(value, name) {
    if (typeof value === 'object') checkOptions(name, value, cacheStatusTable)
    else if (value !== false) tokenKind(value, name)
  },
  serverTiming: booleanKind,
  tagField: choiceKind('surrogate-key', 'cache-tag'),
  purge: functionKind('(tags) => purgeCdn(tags)'),
  clock: objectKind('systemClock', 'now'),
}

const optionTable = { ...ruleOptionTable, ...ownOptionTable }

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` for a missing cache, an unknown option, or a value out of range. */
export function checkCacheOptions(options: HttpCacheOptions<never>): void {
  if (typeof options?.cache?.getOrCompute !== 'function')
    throw new LarderError('BAD_OPTION', 'httpCache needs a cache: httpCache({ cache: createCache({ … }) }).')
  checkOptions('httpCache', options, optionTable)
}

/** @throws LarderError `BAD_OPTION` if a route is private but `user`, which identifies users, is missing. */
export function checkPrivateRoutes(rules: readonly ResolvedRule[], user: unknown): void {
  if (user !== undefined || rules.every(({ scope }) => scope !== 'private')) return
  throw new LarderError(
    'BAD_OPTION',
    'Routes with scope "private" need the option user: httpCache({ user: (request) => request.user?.id, … }).',
  )
}
