import { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { BenchCache, Setup } from '../library'

interface Tagged {
  readonly value: unknown
  /** The versions of its tags when it was stored. */
  readonly versions: readonly (string | null)[]
}

/** The minimum for two tiers with tags: lru-cache, a GET, an MGET of the tags' versions, and a decode. */
export async function openCache({ redis, capacity, tags, computeOf }: Setup): Promise<BenchCache> {
  const client = new Redis(redis)
  const memory = new LRUCache<string, Tagged>({ max: capacity })
  const names = tags.map((tag) => `tag:${tag}`)
  const versionsNow = () => (names.length === 0 ? Promise.resolve([]) : client.mget(names))

  async function loadEntry(key: string): Promise<Tagged> {
    const [text, versions] = await Promise.all([client.get(key), versionsNow()])
    const stored: Tagged | undefined = text === null ? undefined : JSON.parse(text)
    if (stored?.versions.every((version, index) => version === versions[index])) return stored
    const computed = { value: await computeOf(key)(), versions }
    await client.set(key, JSON.stringify(computed))
    return computed
  }
  return {
    async read(key) {
      const localEntry = memory.get(key)
      if (localEntry !== undefined) return localEntry.value
      const entry = await loadEntry(key)
      memory.set(key, entry)
      return entry.value
    },
    async invalidate(tag) {
      memory.clear()
      await client.incr(`tag:${tag}`)
    },
    close: async () => client.disconnect(),
  }
}
