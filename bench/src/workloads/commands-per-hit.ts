import { forEachAtOnce } from '../measuring/for-each-at-once'
import type { ServerWatch } from '../measuring/server-watch'

/**
 * Commands per key read, rounded to two decimals, so that the few commands that a cache sends periodically do not count.
 */
export async function commandsPerHit(
  watch: ServerWatch,
  keys: readonly string[],
  atOnce: number,
  read: (key: string) => unknown,
): Promise<number> {
  const sent = await watch.commands(() => forEachAtOnce(keys, atOnce, read))
  return Math.round((sent * 100) / keys.length) / 100
}
