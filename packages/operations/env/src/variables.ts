import { duration, flag, type Kind, label, limit, megabytes, whole } from './kind'
import { redisUrl } from './redis-url'

/** A Map holds no more than 2^24 entries, and neither does a store in memory. */
const mostEntries = 2 ** 24

/** Every variable there is. */
export const variables = {
  REDIS_URL: redisUrl,
  CACHE_NAME: label('shop'),
  CACHE_ENABLED: flag,
  CACHE_DEFAULT_TTL: duration,
  CACHE_STALE_WHILE_REVALIDATE: duration,
  CACHE_STALE_IF_ERROR: duration,
  CACHE_MAX_STALENESS: limit,
  CACHE_STORE_TIMEOUT: limit,
  CACHE_MAX_MEMORY_MB: megabytes,
  CACHE_MAX_ENTRIES: whole(1, mostEntries),
  CACHE_ENABLE_COMPRESSION: flag,
  CACHE_COMPRESSION_THRESHOLD: whole(0, Number.MAX_SAFE_INTEGER),
  CACHE_REDIS_PREFIX: label('larder'),
} as const satisfies Readonly<Record<string, Kind<unknown>>>

export type VariableName = keyof typeof variables

type Meaning<K> = K extends Kind<infer T> ? T : never

/** What the variables that are set say. */
export type Values = { readonly [N in VariableName]?: Meaning<(typeof variables)[N]> | undefined }
