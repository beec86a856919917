import type { Server } from './server'

const keysPerScan = 1_000
/** SCAN calls per node. Bounds the search on a server that also holds many other keys. */
const maxScans = 200

/**
 * Finds keys that match a glob pattern, without duplicates, until there are `max` of them. May be incomplete on a large server:
 * the search is bounded.
 */
export async function findKeys(server: Server, pattern: string, max: number): Promise<string[]> {
  const found = new Set<string>()
  for (const node of server.nodes()) {
    let cursor = '0'
    for (let scan = 0; scan < maxScans && found.size < max; scan += 1) {
      const reply = await node.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', keysPerScan)
      const [next, keys] = reply as [string, string[]]
      for (const key of keys) found.add(key)
      cursor = next
      if (cursor === '0') break
    }
  }
  return [...found]
}
