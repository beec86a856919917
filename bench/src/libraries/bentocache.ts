import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { type BenchCache, type Setup, type Tier, ttl } from '../library'

/** Memory without serialization, as its guide recommends for speed; with it, values are shared. Its bus requires serialization. */
export async function openCache({ tier, capacity, redis, tags, computeOf }: Setup): Promise<BenchCache> {
  const bento = new BentoCache({ default: 'bench', stores: { bench: storeOf(tier, capacity, redis) } })
  const carried = [...tags]
  return {
    read: (key) =>
      tags.length === 0
        ? bento.getOrSet({ key, factory: computeOf(key), ttl })
        : bento.getOrSet({ key, factory: computeOf(key), ttl, tags: carried }),
    readMany: (keys) => Promise.all(keys.map((key) => bento.get({ key }))),
    invalidate: (tag) => bento.deleteByTag({ tags: [tag] }),
    close: () => bento.disconnectAll(),
  }
}

function storeOf(tier: Tier, capacity: number, url: string) {
  const memory = memoryDriver({ maxItems: capacity, serialize: tier === 'tiered' })
  if (tier === 'memory') return bentostore().useL1Layer(memory)
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port) }
  const shared = bentostore().useL2Layer(redisDriver({ connection }))
  return tier === 'redis' ? shared : shared.useL1Layer(memory).useBus(redisBusDriver({ connection }))
}
