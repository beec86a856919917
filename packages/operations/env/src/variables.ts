import { policiesKind } from './policies-kind'
import { redisUrlKind } from './redis-url'
import {
  booleanKind,
  choiceKind,
  durationKind,
  integerKind,
  megabytesKind,
  secretKind,
  shareKind,
  textKind,
  timeoutKind,
  type VariableKind,
} from './variable-kinds'

/** The capacity of a Map in V8, and so of a memory store. */
const maxMapEntries = 2 ** 24

/** The variables of one subject, by their names. */
export type Variables = Readonly<Record<string, VariableKind<unknown>>>

/** The server, if a subject has none of its own. */
const serverVariables = {
  REDIS_URL: redisUrlKind,
  REDIS_USERNAME: secretKind,
  REDIS_PASSWORD: secretKind,
} as const satisfies Variables

/** Every variable of a cache. */
export const cacheVariables = {
  ...serverVariables,
  CACHE_NAME: textKind('shop'),
  CACHE_ENABLED: booleanKind,
  CACHE_DEFAULT_TTL: durationKind,
  CACHE_STALE_WHILE_REVALIDATE: durationKind,
  CACHE_STALE_IF_ERROR: durationKind,
  CACHE_MAX_STALENESS: timeoutKind,
  CACHE_STORE_TIMEOUT: timeoutKind,
  CACHE_MAX_MEMORY_MB: megabytesKind,
  CACHE_MAX_ENTRIES: integerKind(1, maxMapEntries),
  CACHE_ENABLE_COMPRESSION: booleanKind,
  CACHE_COMPRESSION_THRESHOLD: integerKind(0, Number.MAX_SAFE_INTEGER),
  CACHE_LOG_OPERATIONS: shareKind,
  CACHE_LOG_KEYS: booleanKind,
  CACHE_REDIS_PREFIX: textKind('larder'),
} as const satisfies Variables

/** Every variable of sessions. */
export const sessionVariables = {
  ...serverVariables,
  SESSION_REDIS_URL: redisUrlKind,
  SESSION_REDIS_PREFIX: textKind('larder'),
  SESSION_NAME: textKind('shop'),
  SESSION_IDLE: durationKind,
  SESSION_ABSOLUTE: durationKind,
  SESSION_MAX_PER_USER: integerKind(1, Number.MAX_SAFE_INTEGER),
  SESSION_IF_UNAVAILABLE: choiceKind('deny', 'anonymous'),
  SESSION_STORE_TIMEOUT: timeoutKind,
} as const satisfies Variables

/** Every variable of a rate limiter. */
export const rateLimitVariables = {
  ...serverVariables,
  RATE_LIMIT_REDIS_URL: redisUrlKind,
  RATE_LIMIT_REDIS_PREFIX: textKind('larder'),
  RATE_LIMIT_NAME: textKind('shop'),
  RATE_LIMIT_POLICIES: policiesKind,
  RATE_LIMIT_IF_UNAVAILABLE: choiceKind('local', 'open', 'closed'),
  RATE_LIMIT_STORE_TIMEOUT: timeoutKind,
} as const satisfies Variables

type ValueOf<K> = K extends VariableKind<infer T> ? T : never

/** The parsed values of the variables that are set. */
export type ValuesOf<V extends Variables> = { readonly [N in keyof V]?: ValueOf<V[N]> | undefined }
