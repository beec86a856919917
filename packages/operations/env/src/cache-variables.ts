import { redisUrlForm } from '@larder/redis'
import { type Environment, readText, readVariables } from './read-variables'
import { cacheVariables, type ValuesOf } from './variables'

export type CacheValues = ValuesOf<typeof cacheVariables>

/** Names that other programs use for the server: without `REDIS_URL` the cache would be in memory, and nothing would say so. */
const serversElsewhere = ['REDIS_CONNECTION_STRING', 'REDIS_HOST', 'REDIS_TLS_URL', 'REDIS_URI'] as const

/** @throws LarderError `BAD_OPTION` that lists every invalid variable with the expected text. */
export function readCacheVariables(env: Environment): CacheValues {
  return readVariables(env, {
    variables: cacheVariables,
    prefix: 'CACHE_',
    namesElsewhere: {
      CACHE_DISABLED: 'CACHE_ENABLED=false',
      CACHE_PREFIX: 'CACHE_REDIS_PREFIX',
      CACHE_REDIS_URL: 'REDIS_URL',
      CACHE_TTL: 'CACHE_DEFAULT_TTL',
      CACHE_TTL_DEFAULT: 'CACHE_DEFAULT_TTL',
    },
    findMore: findServersElsewhere,
  })
}

function findServersElsewhere(env: Environment): string[] {
  if (readText(env, 'REDIS_URL') !== '') return []
  return serversElsewhere
    .filter((name) => readText(env, name) !== '')
    .map(
      (name) =>
        `${name} is not read, and the cache would be in memory. Set REDIS_URL to ${redisUrlForm}. If it belongs to another program, write configFromEnv({ ...process.env, ${name}: undefined }).`,
    )
}
