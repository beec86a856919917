import { redisUrlKind } from './redis-url'
import {
  booleanKind,
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

/** Every variable that is read from the environment. */
export const variables = {
  REDIS_URL: redisUrlKind,
  REDIS_USERNAME: secretKind,
  REDIS_PASSWORD: secretKind,
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
} as const satisfies Readonly<Record<string, VariableKind<unknown>>>

export type VariableName = keyof typeof variables

type ValueOf<K> = K extends VariableKind<infer T> ? T : never

/** The parsed values of the variables that are set. */
export type VariableValues = { readonly [N in VariableName]?: ValueOf<(typeof variables)[N]> | undefined }
