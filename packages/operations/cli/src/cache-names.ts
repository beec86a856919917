import { namesOf } from '@larder/redis'
import type { Server } from './server'

const keysPerScan = 1_000
/** Scans per node at most: a server may hold many other things. */
const scans = 200

/** Names of the caches whose log is on the server, as far as a bounded look finds them. */
export async function cacheNamesOn(server: Server, prefix: string): Promise<string[]> {
  // What separates prefix and name cannot be in either: both are encoded.
  const [before = '', after = ''] = namesOf(prefix, 'NAME').log[0].split('{NAME}')
  const found = new Set<string>()
  for (const node of server.nodes()) {
    let cursor = '0'
    for (let scan = 0; scan < scans; scan += 1) {
      const reply = await node.call('SCAN', cursor, 'MATCH', `${before}{*}${after}`, 'COUNT', keysPerScan)
      const [next, keys] = reply as [string, string[]]
      for (const key of keys) found.add(nameIn(key.slice(before.length + 1, -after.length - 1)))
      cursor = next
      if (cursor === '0') break
    }
  }
  return [...found].sort()
}

function nameIn(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
