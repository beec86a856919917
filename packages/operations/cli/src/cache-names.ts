import { namesOf } from '@larder/redis'
import type { Server } from './server'

const keysPerScan = 1_000
/** SCAN calls per node. Bounds the search on a server that also holds many other keys. */
const maxScans = 200

/** Names of the caches whose log is on the server, sorted. May be incomplete on a large server: the search is bounded. */
export async function findCacheNames(server: Server, prefix: string): Promise<string[]> {
  // Prefix and name are percent-encoded, so neither can contain the braces that separate them.
  const [before = '', after = ''] = namesOf(prefix, 'NAME').log[0].split('{NAME}')
  const names = new Set<string>()
  for (const node of server.nodes()) {
    let cursor = '0'
    for (let scan = 0; scan < maxScans; scan += 1) {
      const reply = await node.call('SCAN', cursor, 'MATCH', `${before}{*}${after}`, 'COUNT', keysPerScan)
      const [next, keys] = reply as [string, string[]]
      for (const key of keys) names.add(decodeName(key.slice(before.length + 1, -after.length - 1)))
      cursor = next
      if (cursor === '0') break
    }
  }
  return [...names].sort()
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
