import { Redis } from 'ioredis'
import type { BenchCache, Setup } from '../library'

/** Bare ioredis: a GET and a decode. */
export function openCache(setup: Setup): Promise<BenchCache> {
  return openWith(setup, false, (client) => (key) => client.get(key))
}

/** Opens bare ioredis with a function that fetches the text of a key. */
export async function openWith(
  { redis, computeOf }: Setup,
  enableAutoPipelining: boolean,
  getter: (client: Redis) => (key: string) => Promise<string | null>,
): Promise<BenchCache> {
  const client = new Redis(redis, { enableAutoPipelining })
  const get = getter(client)
  return {
    async read(key) {
      const text = await get(key)
      if (text !== null) return JSON.parse(text)
      const value = await computeOf(key)()
      await client.set(key, JSON.stringify(value))
      return value
    },
    async readMany(keys) {
      const texts = await client.mget(keys)
      return texts.map((text) => (text === null ? undefined : JSON.parse(text)))
    },
    close: async () => client.disconnect(),
  }
}
