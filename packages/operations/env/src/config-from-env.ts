import type { CacheOptions, CompressionOptions, Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { type CacheValues, readCacheVariables } from './cache-variables'
import { omitUndefined } from './omit-undefined'
import type { Environment } from './read-variables'
import { fillCredentials } from './redis-url'

type ConfigurableOption =
  | 'enabled'
  | 'ttl'
  | 'staleWhileRevalidate'
  | 'staleIfError'
  | 'maxStaleness'
  | 'storeTimeout'
  | 'compression'

/**
 * Options of `createCache`. An option that no variable sets is absent, so that spreading the object keeps the options before
 * it.
 */
export interface EnvConfig extends Pick<CacheOptions, 'store' | ConfigurableOption> {
  /** Not `| undefined`: an absent name keeps the name before the spread. */
  readonly name?: string
}

/**
 * Reads the options of a cache from environment variables. The store is in memory, or memory before Redis if `REDIS_URL` is
 * set.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', ...configFromEnv() })
 * ```
 * @throws LarderError `BAD_OPTION` that lists every invalid variable with the expected text.
 */
export function configFromEnv(env: Environment = process.env): EnvConfig {
  const values = readCacheVariables(env)
  return {
    store: createStore(values),
    ...omitUndefined({
      name: values.CACHE_NAME,
      enabled: values.CACHE_ENABLED,
      ttl: values.CACHE_DEFAULT_TTL,
      staleWhileRevalidate: values.CACHE_STALE_WHILE_REVALIDATE,
      staleIfError: values.CACHE_STALE_IF_ERROR,
      maxStaleness: values.CACHE_MAX_STALENESS,
      storeTimeout: values.CACHE_STORE_TIMEOUT,
      compression: compressionOf(values),
    }),
  }
}

function createStore({ REDIS_URL: url, CACHE_REDIS_PREFIX: prefix, ...values }: CacheValues): Store {
  const memory = memoryStore({
    maxBytes: values.CACHE_MAX_MEMORY_MB,
    maxEntries: values.CACHE_MAX_ENTRIES,
  })
  if (url === undefined) return memory
  const fullUrl = fillCredentials(url, values.REDIS_USERNAME, values.REDIS_PASSWORD)
  return tieredStore([memory, redisStore({ url: fullUrl, prefix })])
}

function compressionOf(values: CacheValues): CompressionOptions | false | undefined {
  if (values.CACHE_ENABLE_COMPRESSION === false) return false
  const threshold = values.CACHE_COMPRESSION_THRESHOLD
  return threshold === undefined ? undefined : { threshold }
}
