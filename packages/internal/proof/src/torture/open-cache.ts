import { type Cache, createCache, systemClock } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { Cluster, Redis } from 'ioredis'
import type { Address } from './topology'

/** Client options with which a call to an unreachable server fails fast. */
const failFastOptions = { enableOfflineQueue: false, maxRetriesPerRequest: 0, connectTimeout: 500 }

function storeOn(address: Address) {
  if (address.kind === 'single') return redisStore({ url: address.url })
  const client =
    address.kind === 'sentinel'
      ? new Redis({
          ...failFastOptions,
          name: address.name,
          sentinels: [...address.sentinels],
          failoverDetector: true,
          retryStrategy: () => 50,
          sentinelRetryStrategy: () => 100,
        })
      : new Cluster([...address.nodes], {
          enableOfflineQueue: false,
          clusterRetryStrategy: () => 100,
          slotsRefreshTimeout: 500,
          redisOptions: failFastOptions,
        })
  client.on('error', () => undefined)
  return redisStore({ client })
}

/** The cache of one process, memory before Redis, and its wall clock. */
export function openCache(address: Address): { readonly cache: Cache; setClock(by: number): void } {
  let offset = 0
  const cache = createCache({
    name: 'torture',
    store: tieredStore([memoryStore(), storeOn(address)]),
    storeTimeout: 200,
    circuitPause: 200,
    ttl: '1h',
    clock: { ...systemClock, now: () => systemClock.now() + offset },
  })
  return {
    cache,
    setClock(by) {
      offset += by
    },
  }
}
