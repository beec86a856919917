import type { ServerWatch } from '../measuring/commands'
import { forEachAtOnce } from '../measuring/each'

/**
 * Commands for each of the keys that is read, to two decimals: the little that a cache sends by the clock, whatever is
 * read, is less than that.
 */
export async function perHit(
  watch: ServerWatch,
  keys: readonly string[],
  atOnce: number,
  read: (key: string) => unknown,
): Promise<number> {
  const sent = await watch.commands(() => forEachAtOnce(keys, atOnce, read))
  return Math.round((sent * 100) / keys.length) / 100
}
