import type { RedisClient } from './client'

interface SentinelClient {
  readonly options?: { readonly sentinels?: unknown; readonly failoverDetector?: boolean }
}

const warned = new WeakSet<RedisClient>()

/**
 * Warns once about a client for Sentinels that does not listen for their switch to another primary: it stays on a paused
 * primary that wakes up, until Sentinel demotes that one some seconds later, and reads and writes what nobody else sees.
 */
export function warnOfMissedSwitches(client: RedisClient): void {
  const { options } = client as SentinelClient
  const listens = !Array.isArray(options?.sentinels) || options.failoverDetector === true
  if (listens || warned.has(client)) return
  warned.add(client)
  process.emitWarning(
    'redisStore: the client for Sentinels does not listen for a switch to another primary, and can stay on one that was ' +
      'replaced. Write new Redis({ sentinels, name, failoverDetector: true }), and set min-replicas-to-write 1 on the servers.',
    { type: 'LarderWarning', code: 'LARDER_SENTINEL' },
  )
}
