import type { Cache } from '@larder/core'
import { CommandError } from './errors'

const keysPerPage = 1_000
/** Each key takes a record of the log, which a tag or `clear` needs one of. */
const maxMatches = 10_000

/**
 * The keys of a cache or namespace that match the pattern, without those of the namespaces in it.
 * @throws CommandError if they are too many to be invalidated one by one.
 */
export async function findMatchingKeys(scope: Cache, pattern: string): Promise<string[]> {
  const matches = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await scope.keys({ pattern, cursor, limit: keysPerPage })
    for (const { namespace, key } of page.keys) if (namespace.length === 0) matches.add(key)
    if (matches.size > maxMatches)
      throw new CommandError(
        `More than ${maxMatches} keys match ${pattern}. Invalidate a tag that they carry, or write: larder clear`,
      )
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...matches].sort()
}
