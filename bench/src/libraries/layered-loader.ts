import { Redis } from 'ioredis'
import { Loader, RedisCache } from 'layered-loader'
import { type BenchCache, type Setup, ttl } from '../library'

export async function openCache(setup: Setup): Promise<BenchCache> {
  const { loader, close } = loaderOf(setup)
  return {
    read: (key) => loader.get(key),
    readMany: (keys) => loader.getMany(keys),
    close,
  }
}

export function loaderOf({ tier, capacity, redis, computeOf }: Setup) {
  const client = tier === 'memory' ? undefined : new Redis(redis)
  const inMemoryCache = { cacheType: 'lru-object', ttlInMsecs: ttl, maxItems: capacity } as const
  const loader = new Loader<object>({
    ...(tier !== 'redis' && { inMemoryCache }),
    ...(client && {
      asyncCache: new RedisCache<object>(client, { json: true, ttlInMsecs: ttl, prefix: 'bench' }),
    }),
    cacheKeyFromValueResolver: (value) => String((value as { key?: string }).key),
    dataSourceGetOneFn: async (key) => computeOf(key)() as object,
    dataSourceGetManyFn: async (keys) => keys.map((key) => computeOf(key)() as object),
  })
  return { loader, close: async () => client?.disconnect() }
}
