import { Redis } from 'ioredis'
import { composeStorage, createMemoryStorage, defineCachedFunction, type StorageInterface } from 'ocache'
import { type BenchCache, type Setup, type Tier, ttl } from '../library'

/** Bounded by entries only, because measuring each entry in bytes is slower. */
export async function openCache({ tier, capacity, redis, computeOf }: Setup): Promise<BenchCache> {
  const client = tier === 'memory' ? undefined : new Redis(redis)
  const read = defineCachedFunction(async (key: string) => computeOf(key)(), {
    maxAge: ttl / 1_000,
    name: 'load',
    swr: false,
    getKey: (key) => key,
    storage: storageOf(tier, capacity, client),
  })
  return { read: (key) => read(key), close: async () => client?.disconnect() }
}

function storageOf(tier: Tier, maxSize: number, client: Redis | undefined): StorageInterface {
  const memory = createMemoryStorage({ maxSize, maxBytes: Number.POSITIVE_INFINITY })
  if (client === undefined) return memory
  const shared = onRedis(client)
  return tier === 'redis' ? shared : composeStorage([memory, shared])
}

/** The minimal `get` and `set` of its guide. */
function onRedis(client: Redis): StorageInterface {
  return {
    async get<T>(key: string): Promise<T | null> {
      const text = await client.get(key)
      return text === null ? null : JSON.parse(text)
    },
    async set(key, value, options) {
      if (value === null) await client.del(key)
      else await client.set(key, JSON.stringify(value), 'EX', options?.ttl ?? ttl / 1_000)
    },
  }
}
