import { namesOf } from '@larder/redis'
import { decodeName } from '@larder/redis/kit'
import { findKeys } from './find-keys'
import type { Server } from './server'

/** Names of the caches whose log is on the server, sorted. May be incomplete on a large server: the search is bounded. */
export async function findCacheNames(server: Server, prefix: string): Promise<string[]> {
  // Prefix and name are percent-encoded, so neither can contain the braces that separate them.
  const [before = '', after = ''] = namesOf(prefix, 'NAME').log[0].split('{NAME}')
  const keys = await findKeys(server, `${before}{*}${after}`, Number.POSITIVE_INFINITY)
  return keys.map((key) => decodeName(key.slice(before.length + 1, -after.length - 1))).sort()
}
