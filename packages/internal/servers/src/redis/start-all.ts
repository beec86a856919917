import type { RedisServer } from './server'

/** Starts `count` servers concurrently. @throws the first error, after closing the servers that started. */
export async function startAll(
  count: number,
  start: () => Promise<RedisServer>,
): Promise<readonly RedisServer[]> {
  const starts = Array.from({ length: count }, start)
  try {
    return await Promise.all(starts)
  } catch (error) {
    for (const outcome of await Promise.allSettled(starts))
      if (outcome.status === 'fulfilled') await outcome.value.close()
    throw error
  }
}
