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
import type { RedisClient } from './client'
import { isRedisUrl, redisUrlForm } from './redis-url'

/** Options of `redisStore`: either a client or a URL. */
export interface RedisStoreOptions {
  /**
   * An ioredis client: `new Redis(…)`, also with Sentinels, or `new Cluster(…)`. The application keeps owning it: Larder
   * does not disconnect it.
   */
  readonly client?: RedisClient | undefined
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Larder creates the client and disconnects it. */
  readonly url?: string | undefined
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
  client: objectKind('new Redis(…) of ioredis'),
  url: textKind,
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
  if ((client === undefined) === (url === undefined))
    throw badOption("redisStore needs a client or a url: redisStore({ url: 'redis://127.0.0.1:6379' }).")
  if (client !== undefined) requireFittingClient(client)
  if (url !== undefined) requireFittingUrl(url)
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

export type RedisStoreSettings = ReturnType<typeof resolveOptions>

const requiredMethods = ['callBuffer', 'pipeline', 'duplicate', 'disconnect'] as const

/** Options of ioredis that would change commands or replies on the way, with the reason or the replacement. */
const unsupportedOptions: Readonly<Record<string, string>> = {
  keyPrefix: "ioredis does not apply it to SCAN; use redisStore's own prefix instead.",
  stringNumbers: 'ioredis would convert the numbers in script replies to strings.',
  enableAutoPipelining: 'ioredis would send scripts without their command.',
}

function isClient(given: object): boolean {
  return requiredMethods.some((method) => method in given)
}

/** ioredis takes query parameters of a URL as options of the client, so they are checked like a client's options. */
function requireFittingUrl(url: string): void {
  // The text is not shown: a password may be anywhere in it.
  if (!isRedisUrl(url))
    throw badOption(`redisStore: url is not the URL of a Redis server. Write ${redisUrlForm}.`)
  const names = new URLSearchParams(url.slice(url.indexOf('?') + 1)).keys()
  const unsupported = url.includes('?')
    ? [...names].find((name) => Object.hasOwn(unsupportedOptions, name))
    : undefined
  if (unsupported !== undefined)
    throw badOption(
      `redisStore: the url must not set ${unsupported}: ${unsupportedOptions[unsupported]} Remove it from the url.`,
    )
}

/** Rejects a client that would fail later, or misread replies without failing. */
function requireFittingClient(client: RedisClient): void {
  if (!requiredMethods.every((method) => typeof client[method] === 'function'))
    throw badOption(
      'redisStore: client must be an ioredis client such as { client: new Redis(…) }; or pass { url }.',
    )
  const { options } = client as { options?: { redisOptions?: object } }
  const clientOptions: Record<string, unknown> = { ...options?.redisOptions, ...options }
  for (const [name, reason] of Object.entries(unsupportedOptions)) {
    if (clientOptions[name])
      throw badOption(
        `redisStore: the client must not set ${name}: ${reason} Pass client.duplicate() without it.`,
      )
  }
}

/** Every key on Redis expires, so that nothing has to be cleaned up: durations must be finite. */
function toFiniteMs(duration: Duration, option: string): number {
  const ms = toMs(duration, option)
  if (Number.isFinite(ms)) return ms
  throw badOption(`redisStore: ${option} must be finite, such as '30d'.`)
}

function badOption(message: string): LarderError {
  return new LarderError('BAD_OPTION', message)
}
