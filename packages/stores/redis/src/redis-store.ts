import type { OpenStore, Store } from '@larder/core'
import { createClientSource } from './client-source'
import { connectionOf } from './connection'
import { createEntryTier } from './entry-tier'
import { createInvalidationLog } from './invalidation-log'
import { createLeases } from './leases'
import { hubOf } from './message-hub'
import { warnOfMissedSwitches } from './missed-switches'
import { namesOf } from './names'
import { type RedisStoreOptions, resolveOptions } from './options'
import { reportOutages } from './outages'
import { createServerUsage } from './server-usage'

/** Records of tags are kept this much longer than the entries that they invalidate, in ms. */
const retentionMargin = 3_600_000

/**
 * Stores entries in Redis 7.0 or newer, together with the invalidation log and the leases that all processes share.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', store: redisStore({ url: 'redis://127.0.0.1:6379' }) })
 * ```
 * @throws LarderError `BAD_OPTION` unless there is either a client or a URL, or for a client that does not fit;
 * `BAD_DURATION`.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const settings = resolveOptions(options)
  const { prefix, maxTtl, keyRetention, compressor, maxLogRecords } = settings
  const acquireClient = createClientSource(settings)
  return {
    open(context): OpenStore {
      const { client, release } = acquireClient()
      warnOfMissedSwitches(client)
      const stopReporting = reportOutages(client, (error) => context.report(error))
      const names = namesOf(prefix, context.name)
      const connection = connectionOf(client)
      const hub = hubOf(client)
      const leases = createLeases({ connection, hub, names })
      return {
        shared: [createEntryTier({ connection, names, prefix, maxTtl, compressor })],
        log: createInvalidationLog({
          connection,
          hub,
          names,
          tagSeparator: context.tagSeparator,
          maxRecords: maxLogRecords,
          tagRetention: maxTtl + retentionMargin,
          keyRetention,
        }),
        leases,
        servers: createServerUsage({ connection, usage: names.usage, clock: context.clock }),
        async close() {
          leases.close()
          stopReporting()
          release()
        },
      }
    },
  }
}
