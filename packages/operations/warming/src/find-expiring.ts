import type { Cache } from '@larder/core'

/** Returns the keys that have a fresh entry which stops being fresh within `ms`. */
export async function findExpiring(
  cache: Pick<Cache, 'explain'>,
  keys: readonly string[],
  ms: number,
): Promise<string[]> {
  const expiring: string[] = []
  // One at a time: this is background work, and must not compete with callers.
  for (const key of keys) {
    const { freshFor } = await cache.explain(key)
    if (freshFor !== undefined && freshFor < ms) expiring.push(key)
  }
  return expiring
}
