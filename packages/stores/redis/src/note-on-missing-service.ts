import type { ServiceServer } from '@larder/core'
import { decodeName, servicePatternOf } from './names'

const sampledKeys = 1_000

/**
 * Says which services of a kind have keys on a server where the one that was asked for has none: its name may be misspelt.
 * `title` is the kind for people: `sessions`.
 */
export async function noteOnMissingService(
  server: ServiceServer,
  kind: string,
  title: string,
): Promise<string> {
  const keys = await server.findKeys(servicePatternOf(server.prefix, kind, undefined), sampledKeys)
  const names = new Set(keys.map((key) => decodeName(key.split(':')[2] ?? '')))
  const found = names.size === 0 ? 'none' : [...names].sort().join(', ')
  return `No key of ${title} "${server.name}" is on this server. Those that have keys: ${found}.`
}
