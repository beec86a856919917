import { createKeyv as createMemory } from '@cacheable/memory'
import { createKeyv as createRedis } from '@keyv/redis'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { createCache as createDedupe } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { createCache as createManager } from 'cache-manager'
import { Cacheable } from 'cacheable'
import { Redis } from 'ioredis'

/** A library as its guide says to use it, in memory or on the Redis at a URL. */
export interface ComparedCache {
  /** The cached value of the key, or that of `compute`. */
  load(key: string, compute: () => Promise<unknown>): Promise<unknown>
  /** Ends the value of the key, as the guide says to do after a write. */
  forget(key: string): Promise<unknown>
  close(): Promise<unknown>
}

const ttl = 60_000

/** The compared libraries, by the name of their package. */
export const comparedCaches: Readonly<Record<string, (url?: string) => ComparedCache>> = {
  '@larder/core': (url) => {
    const cache = createCache({ name: 'compared', store: url ? redisStore({ url }) : memoryStore() })
    return {
      load: (key, compute) => cache.getOrCompute(key, compute),
      forget: (key) => cache.delete(key),
      close: () => cache.close(),
    }
  },
  bentocache: (url) => {
    const { hostname: host, port } = new URL(url ?? 'redis://none')
    const layer = url
      ? bentostore().useL2Layer(redisDriver({ connection: { host, port: Number(port) } }))
      : bentostore().useL1Layer(memoryDriver({}))
    const cache = new BentoCache({ default: 'compared', stores: { compared: layer } })
    return {
      load: (key, factory) => cache.getOrSet({ key, factory, ttl }),
      forget: (key) => cache.delete({ key }),
      close: () => cache.disconnectAll(),
    }
  },
  cacheable: (url) => {
    const cache = new Cacheable({ primary: url ? createRedis(url) : createMemory(), ttl })
    return {
      load: (key, compute) => cache.getOrSet(key, compute),
      forget: (key) => cache.delete(key),
      close: () => cache.disconnect(),
    }
  },
  'cache-manager': (url) => {
    const cache = createManager({ stores: [url ? createRedis(url) : createMemory()], ttl })
    return {
      load: (key, compute) => cache.wrap(key, compute),
      forget: (key) => cache.del(key),
      close: () => cache.disconnect(),
    }
  },
  'async-cache-dedupe': (url) => {
    const client = url ? new Redis(url) : undefined
    const computes = new Map<string, () => Promise<unknown>>()
    const cache = createDedupe({
      ttl: ttl / 1_000,
      storage: client ? { type: 'redis', options: { client } } : { type: 'memory' },
    }).define('load', async (key: string) => computes.get(key)?.())
    return {
      load(key, compute) {
        computes.set(key, compute)
        return cache.load(key)
      },
      forget: (key) => cache.clear('load', key),
      close: async () => client?.disconnect(),
    }
  },
}
