import type { Cache } from '@larder/core'

/** The keys whose entries are there and stop being fresh within this time, in ms. */
export async function expiringWithin(
  cache: Pick<Cache, 'explain'>,
  keys: readonly string[],
  time: number,
): Promise<string[]> {
  const expiring: string[] = []
  // One after the other: this has time, and callers have not.
  for (const key of keys) {
    const { freshFor } = await cache.explain(key)
    if (freshFor !== undefined && freshFor < time) expiring.push(key)
  }
  return expiring
}
