import { type Cache, logOperations, type OperationLogger } from '@larder/core'
import { readCacheVariables } from './cache-variables'
import type { Environment } from './read-variables'

/**
 * Logs the operations of a cache if `CACHE_LOG_OPERATIONS` is set, so that a deployment can look without a change of code.
 * Returns a function that ends it.
 *
 * @example
 * ```ts
 * logOperationsFromEnv(cache, pino({ level: 'debug' }))
 * ```
 * @throws LarderError `BAD_OPTION` that lists every invalid variable with the expected text.
 */
export function logOperationsFromEnv(
  cache: Pick<Cache, 'name' | 'on'>,
  logger: OperationLogger,
  env: Environment = process.env,
): () => void {
  const { CACHE_LOG_OPERATIONS: sample, CACHE_LOG_KEYS: keys } = readCacheVariables(env)
  return sample === undefined ? () => undefined : logOperations(cache, logger, { sample, keys })
}
