import { type Compressor, type Duration, LarderError, type OpenStore, type Store, toMs } from '@larder/core'
import { lz4 } from '@larder/lz4'
import type { RedisClient } from './client'
import { connectionOf, withoutArguments } from './connection'
import { redisEntries } from './entries'
import { redisLog } from './invalidation-log'
import { redisLeases } from './leases'
import { namesOf } from './names'
import { reportOutages } from './outages'
import { ownClient } from './own-client'
import { hubOf } from './subscriber'

/** Options of {@link redisStore}: either a client or a URL. */
export interface RedisStoreOptions {
  /** An ioredis client: `new Redis(…)`, also with Sentinels, or `new Cluster(…)`. It is used and never ended. */
  readonly client?: object | undefined
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Larder makes the client, and ends it. */
  readonly url?: string | undefined
  /** Before every key. Applications that share a server should differ in it. @defaultValue 'larder' */
  readonly prefix?: string | undefined
  /** Nothing is kept for longer, whatever its `ttl`. @defaultValue '30d' */
  readonly maxTtl?: Duration | undefined
  /** Records of invalidated tags, and of keys, kept at most. Forgetting older ones costs misses. @defaultValue 100_000 */
  readonly maxLogRecords?: number | undefined
  /** How long records of single keys are kept; a process away for longer drops what it holds in memory. @defaultValue '1h' */
  readonly keyRetention?: Duration | undefined
  /** Compresses payloads where the cache does not say how. @defaultValue lz4() */
  readonly compressor?: Compressor | undefined
}

/** Records of tags outlive the entries they end by this much, in ms. */
const retentionMargin = 3_600_000

/**
 * Keeps entries in Redis (7.0 or newer), and with them the invalidation log that all processes share.
 * @throws LarderError `BAD_OPTION` without a client or a URL, or with both.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const { prefix = 'larder', compressor = lz4(), maxLogRecords = 100_000 } = options
  const maxTtl = toMs(options.maxTtl ?? '30d', 'maxTtl')
  const keyRetention = toMs(options.keyRetention ?? '1h', 'keyRetention')
  const lend = lenderOf(options)
  return {
    open(context): OpenStore {
      const { client, giveBack } = lend()
      const stopReporting = reportOutages(client, (error) => context.report(error))
      const names = namesOf(prefix, context.name)
      const connection = connectionOf(client)
      const hub = hubOf(client, (error) => context.report(withoutArguments(error)))
      const leases = redisLeases({ connection, hub, names })
      return {
        shared: [redisEntries({ connection, names, maxTtl, compressor })],
        log: redisLog({
          connection,
          hub,
          names,
          maxRecords: maxLogRecords,
          tagRetention: maxTtl + retentionMargin,
          keyRetention,
        }),
        leases,
        async close() {
          leases.close()
          stopReporting()
          giveBack()
        },
      }
    },
  }
}

/** Lends the client to each cache that opens the store. One of Larder's own making ends with the last. */
function lenderOf({ client, url }: RedisStoreOptions): () => { client: RedisClient; giveBack(): void } {
  if ((client === undefined) === (url === undefined)) {
    throw new LarderError(
      'BAD_OPTION',
      "redisStore needs a client or a url: redisStore({ url: 'redis://127.0.0.1:6379' }).",
    )
  }
  if (client !== undefined) {
    const own = checkClient(client)
    return () => ({ client: own, giveBack: () => undefined })
  }
  let own: RedisClient | undefined
  let users = 0
  return () => {
    own ??= ownClient(url ?? '')
    users += 1
    return {
      client: own,
      giveBack() {
        users -= 1
        if (users > 0) return
        own?.disconnect()
        own = undefined
      },
    }
  }
}

/** Another library's client would fail at its first command; here it is told apart at once. */
function checkClient(client: object): RedisClient {
  const candidate = client as Partial<RedisClient>
  const needed = ['callBuffer', 'pipeline', 'duplicate', 'disconnect'] as const
  if (needed.every((method) => typeof candidate[method] === 'function')) return client as RedisClient
  throw new LarderError(
    'BAD_OPTION',
    'redisStore: client is no client of ioredis. Write { client: new Redis(…) } or { url }.',
  )
}
