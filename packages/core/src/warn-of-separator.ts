import type { Settings } from './cache-options'
import type { Recorder } from './telemetry/recorder'

/** Entries carry the ancestors of their tags: with another separator, they lack those that other processes invalidate. */
export function warnOfOtherSeparator(
  recorded: string,
  { tagSeparator }: Settings,
  { warnOnce }: Recorder,
): void {
  if (recorded === tagSeparator) return
  warnOnce(
    'tagSeparator',
    `tagSeparator is '${tagSeparator}' here and '${recorded}' in other processes of this cache, so that invalidating a parent tag misses entries. Write the same everywhere, then call cache.clear() once.`,
  )
}
