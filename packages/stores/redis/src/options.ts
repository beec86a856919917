import { type Compressor, type Duration, LarderError, toMs } from '@larder/core'
import { lz4 } from '@larder/lz4'
import type { RedisClient } from './client'

/** Options of `redisStore`: either a client or a URL. */
export interface RedisStoreOptions {
  /** An ioredis client: `new Redis(…)`, also with Sentinels, or `new Cluster(…)`. It is used and never ended. */
  readonly client?: RedisClient | undefined
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Larder makes the client, and ends it. */
  readonly url?: string | undefined
  /** Before every key. Applications that share a server should differ in it. @defaultValue 'larder' */
  readonly prefix?: string | undefined
  /** Nothing is kept for longer, whatever its `ttl`. Finite. @defaultValue '30d' */
  readonly maxTtl?: Duration | undefined
  /** Records of invalidated tags, and of keys, kept at most. Forgetting older ones costs misses. @defaultValue 100_000 */
  readonly maxLogRecords?: number | undefined
  /** How long records of single keys are kept; a process away for longer drops what it holds in memory. @defaultValue '1h' */
  readonly keyRetention?: Duration | undefined
  /** Compresses payloads where the cache does not say how. @defaultValue lz4() */
  readonly compressor?: Compressor | undefined
}

/**
 * Checks the options of a store and completes them.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function settingsOf({ client, url, ...options }: RedisStoreOptions) {
  const { prefix = 'larder', maxLogRecords = 100_000, compressor = lz4() } = options
  if ((client === undefined) === (url === undefined))
    throw refused("redisStore needs a client or a url: redisStore({ url: 'redis://127.0.0.1:6379' }).")
  if (client !== undefined) checkClient(client)
  if (url !== undefined) checkUrl(url)
  if (!Number.isInteger(maxLogRecords) || maxLogRecords < 1)
    throw refused(`redisStore: maxLogRecords is a whole number from 1; this one is ${String(maxLogRecords)}.`)
  return {
    client,
    url,
    prefix,
    compressor,
    maxLogRecords,
    maxTtl: finite(options.maxTtl ?? '30d', 'maxTtl'),
    keyRetention: finite(options.keyRetention ?? '1h', 'keyRetention'),
  }
}

export type RedisStoreSettings = ReturnType<typeof settingsOf>

const needed = ['callBuffer', 'pipeline', 'duplicate', 'disconnect'] as const

/** What would change our commands or their answers on the way, and what to do instead. */
const unfit: Readonly<Record<string, string>> = {
  keyPrefix: "ioredis leaves it out of SCAN; use redisStore's own prefix.",
  stringNumbers: 'answers of scripts would be others.',
  enableAutoPipelining: 'ioredis would send scripts without their command.',
}

/** ioredis takes the parameters of a URL for options of the client. */
function checkUrl(url: string): void {
  const names = new URLSearchParams(url.slice(url.indexOf('?') + 1)).keys()
  const name = url.includes('?') ? [...names].find((one) => Object.hasOwn(unfit, one)) : undefined
  if (name !== undefined) throw refused(`redisStore: the url has ${name}: ${unfit[name]} Leave it out.`)
}

/** Such a client would fail later, or worse, not fail; here it is told apart at once. */
function checkClient(client: RedisClient): void {
  if (!needed.every((method) => typeof client[method] === 'function'))
    throw refused('redisStore: client is no client of ioredis. Write { client: new Redis(…) } or { url }.')
  const { options } = client as { options?: { redisOptions?: object } }
  const given: Record<string, unknown> = { ...options?.redisOptions, ...options }
  for (const [name, reason] of Object.entries(unfit)) {
    if (given[name])
      throw refused(`redisStore: the client has ${name}: ${reason} Give it client.duplicate() without it.`)
  }
}

/** Everything on Redis ends some day, so that nothing has to be cleaned up. */
function finite(duration: Duration, option: string): number {
  const ms = toMs(duration, option)
  if (Number.isFinite(ms)) return ms
  throw refused(`redisStore: ${option} must be finite, such as '30d'.`)
}

function refused(message: string): LarderError {
  return new LarderError('BAD_OPTION', message)
}
