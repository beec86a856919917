import type { OpenStore, Store } from '@larder/core'
import type { RedisClient } from './client'
import { connectionOf } from './connection'
import { redisEntries } from './entries'
import { redisLog } from './invalidation-log'
import { redisLeases } from './leases'
import { namesOf } from './names'
import { type RedisStoreOptions, type RedisStoreSettings, settingsOf } from './options'
import { reportOutages } from './outages'
import { ownClient } from './own-client'
import { hubOf } from './subscriber'

/** Records of tags outlive the entries they end by this much, in ms. */
const retentionMargin = 3_600_000

/**
 * Keeps entries in Redis (7.0 or newer), and with them the invalidation log that all processes share.
 * @throws LarderError `BAD_OPTION` without a client or a URL, with both, or with a client that does not fit.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const settings = settingsOf(options)
  const { prefix, maxTtl, keyRetention, compressor, maxLogRecords } = settings
  const lend = lenderOf(settings)
  return {
    open(context): OpenStore {
      const { client, giveBack } = lend()
      const stopReporting = reportOutages(client, (error) => context.report(error))
      const names = namesOf(prefix, context.name)
      const connection = connectionOf(client)
      const hub = hubOf(client)
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

interface Loan {
  readonly client: RedisClient
  giveBack(): void
}

/** Lends the client to each cache that opens the store. One of Larder's own making ends with the last. */
function lenderOf({ client, url = '' }: RedisStoreSettings): () => Loan {
  if (client !== undefined) return () => ({ client, giveBack: () => undefined })
  let own: RedisClient | undefined
  let users = 0
  return () => {
    own ??= ownClient(url)
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
