import type { LogRecord } from '../contracts/log'
import { longestComputation, type Tiers } from './tiers'

/** How long a write of an entry may be on its way, in ms. */
const longestDelivery = 60_000

/** Where entries are deleted, and the clock of the log. */
interface DeleteRecordedOptions {
  /** Whether the cache is enabled. If not, it cannot delete entries, so that its log keeps the records of keys. */
  readonly enabled: boolean
  readonly tiers: Tiers
  readonly follower: { now(): number }
}

/**
 * Deletes the entries that a record of the log ends, before the log forgets it. Computations from before the record may still
 * store their values: a tombstone rejects these. Resolves to whether that is certain.
 */
export async function deleteRecorded(
  { scope, name, position }: LogRecord,
  { enabled, tiers, follower }: DeleteRecordedOptions,
): Promise<boolean> {
  if (scope !== 'key') return true
  const untilComputed = position / 1_000 + longestComputation - follower.now()
  return enabled && (await tiers.deleteShared([name], position, Math.max(0, untilComputed) + longestDelivery))
}
