import { LarderError } from '@larder/core'
import type { HttpCacheOptions } from './contracts/options'
import type { RouteRule } from './contracts/route-rule'
import { isToken } from './fields/cache-status'
import { type ResolvedRule, ruleOptionNames } from './routes/resolve-rule'

/** The options that are not those of a rule. */
const ownOptions = {
  cache: true,
  routes: true,
  user: true,
  credentials: true,
  hosts: true,
  heuristic: true,
  targets: true,
  keepStale: true,
  maxKeys: true,
  maxVariants: true,
  maxTargetLength: true,
  collapseTimeout: true,
  cacheStatus: true,
  serverTiming: true,
  tagField: true,
  purge: true,
  clock: true,
} satisfies Record<Exclude<keyof HttpCacheOptions, keyof RouteRule>, true>

/** @throws LarderError `BAD_OPTION` for a missing cache, an unknown option, or a value out of range. */
export function checkOptions(options: HttpCacheOptions<never>): void {
  if (typeof options?.cache?.getOrCompute !== 'function')
    throw new LarderError('BAD_OPTION', 'httpCache needs a cache: httpCache({ cache: createCache({ … }) }).')
  const known = [...Object.keys(ownOptions), ...ruleOptionNames].sort()
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `httpCache has no option "${unknown}". Its options are: ${known.join(', ')}.`,
    )
  const { cacheStatus, serverTiming = false, heuristic = 0 } = options
  if (typeof serverTiming !== 'boolean')
    throw new LarderError('BAD_OPTION', `serverTiming must be true or false; got ${String(serverTiming)}.`)
  const name = typeof cacheStatus === 'object' ? cacheStatus.name : cacheStatus
  if (typeof name === 'string' && !isToken(name))
    throw new LarderError(
      'BAD_OPTION',
      `cacheStatus must be a token (RFC 9651) such as 'larder'; got "${name}".`,
    )
  if (!(heuristic >= 0 && heuristic <= 1))
    throw new LarderError(
      'BAD_OPTION',
      `heuristic must be a number from 0 to 1, such as 0.1; got ${heuristic}.`,
    )
}

/** @throws LarderError `BAD_OPTION` if a route is private but `user`, which identifies users, is missing. */
export function checkPrivateRoutes(rules: readonly ResolvedRule[], user: unknown): void {
  if (user !== undefined || rules.every(({ scope }) => scope !== 'private')) return
  throw new LarderError(
    'BAD_OPTION',
    'Routes with scope "private" need the option user: httpCache({ user: (request) => request.user?.id, … }).',
  )
}
