import type { Cache } from '../contracts/cache'
import type { Clock } from '../contracts/clock'

/** Pages read at most, so that a sample of a large store does not read all of it. */
const maxPages = 100
const pageSize = 500

/** Keys of this very cache or namespace, drawn by lot: each that was seen with the same chance (Vitter's algorithm R). */
export async function sampleKeys(
  { keys, clock }: { readonly keys: Cache['keys']; readonly clock: Clock },
  { sample, pattern }: { readonly sample: number; readonly pattern: string },
): Promise<string[]> {
  const drawn: string[] = []
  let seen = 0
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const found = await keys({ pattern, cursor, limit: pageSize })
    for (const { namespace, key } of found.keys) {
      if (namespace.length > 0) continue
      seen += 1
      const place = seen <= sample ? seen - 1 : Math.floor(clock.random() * seen)
      if (place < sample) drawn[place] = key
    }
    cursor = found.cursor
    if (cursor === undefined) break
  }
  return [...new Set(drawn)]
}
