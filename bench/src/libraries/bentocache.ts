import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { type BenchCache, type Setup, type Tier, ttl } from '../library'

/** Its guide to speed: memory that does not serialize. The values are then shared; its bus fails on such memory. */
export async function open({ tier, room, redis, tags, computeOf }: Setup): Promise<BenchCache> {
  const bento = new BentoCache({ default: 'bench', stores: { bench: storeOf(tier, room, redis) } })
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

function storeOf(tier: Tier, room: number, url: string) {
  const memory = memoryDriver({ maxItems: room, serialize: tier === 'tiered' })
  if (tier === 'memory') return bentostore().useL1Layer(memory)
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port) }
  const shared = bentostore().useL2Layer(redisDriver({ connection }))
  return tier === 'redis' ? shared : shared.useL1Layer(memory).useBus(redisBusDriver({ connection }))
}
