import type { CacheOptions, CompressionOptions, Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { type Environment, readVariables } from './read-variables'
import type { Values } from './variables'

type Configurable =
  | 'enabled'
  | 'ttl'
  | 'staleWhileRevalidate'
  | 'staleIfError'
  | 'maxStaleness'
  | 'storeTimeout'
  | 'compression'

/**
 * Options of `createCache`. What no variable sets is not there, so that spreading them leaves options before them alone.
 */
export interface EnvConfig extends Pick<CacheOptions, 'store' | Configurable> {
  /** Not `| undefined`: an absent name leaves the one before the spread as it is. */
  readonly name?: string
}

/**
 * A cache as the environment configures it: in memory, and with `REDIS_URL` in memory before Redis.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', ...configFromEnv() })
 * ```
 * @throws LarderError `BAD_OPTION` that names each variable that cannot be meant, and says what to write instead.
 */
export function configFromEnv(env: Environment = process.env): EnvConfig {
  const values = readVariables(env)
  return {
    store: storeOf(values),
    ...present({
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

function storeOf({ REDIS_URL: url, CACHE_REDIS_PREFIX: prefix, ...values }: Values): Store {
  const memory = memoryStore({
    maxBytes: values.CACHE_MAX_MEMORY_MB,
    maxEntries: values.CACHE_MAX_ENTRIES,
  })
  return url === undefined ? memory : tieredStore([memory, redisStore({ url, prefix })])
}

function compressionOf(values: Values): CompressionOptions | false | undefined {
  if (values.CACHE_ENABLE_COMPRESSION === false) return false
  const threshold = values.CACHE_COMPRESSION_THRESHOLD
  return threshold === undefined ? undefined : { threshold }
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends object>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>
}
