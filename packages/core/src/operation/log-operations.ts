import { describeValue } from '../arguments/describe-value'
import type { Cache } from '../contracts/cache'
import type { CacheEvents } from '../contracts/events'
import { hashOfKey } from '../entry/key'
import { LarderError } from '../errors'

/** The part of a logger that {@link logOperations} uses: that of pino, of Fastify's `app.log`, or `console`. */
export interface OperationLogger {
  debug(fields: object, message: string): void
}

/** Options of {@link logOperations}. */
export interface LogOperationsOptions {
  /**
   * The share of keys and tags to log, from 0 to 1. They are chosen by a hash, so that everything that happens to one of
   * them is logged, in every process. @defaultValue 0.01
   */
  readonly sample?: number | undefined
  /** Whether keys and tags are logged as they are, and not their hash: they often hold personal data. @defaultValue false */
  readonly keys?: boolean | undefined
}

/** Hashes are below this number. */
const hashLimit = 2 ** 53

/**
 * Logs hits, misses with their reasons, fills and invalidations at the level `debug`, for a sample of the keys. A name is
 * its hash in base 36, `hashOfKey(key).toString(36)`, by which a known key is found again. Each logged cache creates an
 * object at each hit, so log for as long as you look for something.
 *
 * @returns a function that ends it
 * @example
 * ```ts
 * const stopLogging = logOperations(cache, pino({ level: 'debug' }), { sample: 0.1 })
 * ```
 * @throws LarderError `BAD_OPTION` for a sample outside of 0 to 1.
 */
export function logOperations(
  cache: Pick<Cache, 'name' | 'on'>,
  logger: OperationLogger,
  options: LogOperationsOptions = {},
): () => void {
  const { sample = 0.01, keys = false } = options
  if (!(sample >= 0 && sample <= 1))
    throw new LarderError(
      'BAD_OPTION',
      `sample must be a share from 0 to 1, such as 0.01; got ${describeValue(sample)}.`,
    )

  function log(event: string, name: string, details: object, suffix = ''): void {
    const hash = hashOfKey(name)
    if (hash >= sample * hashLimit) return
    const shown = keys ? name : hash.toString(36)
    logger.debug({ cache: cache.name, event, name: shown, ...details }, `${event} ${shown}${suffix}`)
  }

  const unsubscribers = [
    cache.on('hit', ({ key, ...details }) => log('hit', key, details)),
    cache.on('stale', ({ key, ...details }) => log('stale', key, details, `: ${details.reason}`)),
    cache.on('miss', ({ key, ...details }) => log('miss', key, details, `: ${details.reason}`)),
    cache.on('fill', ({ key, ...details }) => log('fill', key, details, `: ${describeFill(details)}`)),
    cache.on('invalidate', ({ names, ...details }) => {
      for (const name of names) log('invalidate', name, details, `: ${details.outcome}`)
    }),
  ]
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe()
  }
}

function describeFill({ outcome, reason }: Omit<CacheEvents['fill'], 'key'>): string {
  return reason === undefined ? outcome : `${outcome} (${reason})`
}
