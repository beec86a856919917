import {
  type Compressor,
  checkOptions,
  countKind,
  type Duration,
  durationKind,
  LarderError,
  type OptionTable,
  objectKind,
  textKind,
  toMs,
} from '@larder/core'
import { deflate } from '@larder/core/encoding'
import { type ClientOptions, checkClient, clientOptionTable, isClient } from './check-client'

/** Options of `redisStore`: either a client or a URL. */
export interface RedisStoreOptions extends ClientOptions {
  /** The beginning of every key. Applications that share a server need different prefixes. @defaultValue 'larder' */
  readonly prefix?: string | undefined
  /** Upper bound for how long entries are kept, whatever their `ttl`. Finite. @defaultValue '30d' */
  readonly maxTtl?: Duration | undefined
  /**
   * Maximum number of log records of tags, and of keys. Beyond it, the tags with the most siblings are merged into their
   * first segment, and other records are dropped: that costs misses, not correctness.
   * @defaultValue 100_000
   */
  readonly maxLogRecords?: number | undefined
  /**
   * How long log records of single keys are kept. A process that was disconnected for longer clears its memory. Finite.
   * @defaultValue '1h'
   */
  readonly keyRetention?: Duration | undefined
  /** The compressor for caches that configure none. @defaultValue deflate() */
  readonly compressor?: Compressor | undefined
}

const optionTable: OptionTable<RedisStoreOptions> = {
  ...clientOptionTable,
  prefix: textKind,
  maxTtl: durationKind,
  maxLogRecords: countKind,
  keyRetention: durationKind,
  compressor: objectKind('deflate()', 'compress', 'decompress'),
}

/**
 * Validates the options of a store and fills in the defaults.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an invalid option.
 */
export function resolveOptions(given: RedisStoreOptions) {
  // A client or a URL in place of the options is the commonest mistake: its own message says what to write.
  if (typeof given === 'object' && given !== null && !isClient(given))
    checkOptions('redisStore', given, optionTable)
  const { client, url, ...options } = given ?? {}
  const { prefix = 'larder', maxLogRecords = 100_000, compressor = deflate() } = options
  checkClient('redisStore', { client, url })
  return {
    client,
    url,
    prefix,
    compressor,
    maxLogRecords,
    maxTtl: toFiniteMs(options.maxTtl ?? '30d', 'maxTtl'),
    keyRetention: toFiniteMs(options.keyRetention ?? '1h', 'keyRetention'),
  }
}

/** Every key on Redis expires, so that nothing has to be cleaned up: durations must be finite. */
function toFiniteMs(duration: Duration, option: string): number {
  const ms = toMs(duration, option)
  if (Number.isFinite(ms)) return ms
  throw new LarderError('BAD_OPTION', `redisStore: ${option} must be finite, such as '30d'.`)
}
