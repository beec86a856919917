import type { Cache } from '../contracts/cache'
import type { Clock } from '../contracts/clock'

/** Maximum pages scanned, so that a sample of a large store does not read all of it. */
const maxPages = 100
const pageSize = 500

/**
 * A uniform random sample of the keys of this cache or namespace, without nested namespaces (reservoir sampling, Vitter's
 * algorithm R).
 */
export async function sampleKeys(
  { keys, clock }: { readonly keys: Cache['keys']; readonly clock: Clock },
  { sample, pattern }: { readonly sample: number; readonly pattern: string },
): Promise<string[]> {
  const reservoir: string[] = []
  let seen = 0
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const found = await keys({ pattern, cursor, limit: pageSize })
    for (const { namespace, key } of found.keys) {
      if (namespace.length > 0) continue
      seen += 1
      const slot = seen <= sample ? seen - 1 : Math.floor(clock.random() * seen)
      if (slot < sample) reservoir[slot] = key
    }
    cursor = found.cursor
    if (cursor === undefined) break
  }
  return [...new Set(reservoir)]
}
