import { chunksOf } from '../chunks-of'
import type { SharedWrite } from '../contracts/store'
import { usefulUntil } from '../entry/entry'
import type { LocalEntry } from '../entry/local-entry'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { GuardedTier } from './guarded-tier'

/** Dependencies of {@link createSharedWrites}. */
interface SharedWritesOptions {
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  readonly recorder: Recorder
}

/** Maximum keys per call that writes or deletes: each call has a timeout of its own. */
const maxKeysPerWrite = 500
/** Maximum bytes per call that writes several entries. */
const maxBytesPerWrite = 1024 * 1024

/** Writes entries to one shared tier and deletes them there, in calls of a bounded size, through its policy. */
export function createSharedWrites({ tier, policy, codec }: GuardedTier, options: SharedWritesOptions) {
  const { now, recorder } = options

  /** An entry that has no faithful form in bytes is left out with a warning; the other entries of the same write are not affected. */
  async function encodeWrite(entry: LocalEntry, lease: string | undefined): Promise<SharedWrite | undefined> {
    const keepFor = Math.max(1, Math.min(usefulUntil(entry) - now(), tier.maxTtl))
    try {
      return { key: entry.key, bytes: await codec.encode(entry), keepFor, lease }
    } catch (error) {
      recorder.unwritten(entry.key, tier.name, error)
      return undefined
    }
  }

  /** Makes one call. Returns whether the tier took all writes. */
  async function sendWrites(
    writes: readonly SharedWrite[],
    counts: FunctionCounts | undefined,
  ): Promise<boolean> {
    // The policy has reported a failure already.
    const isTaken = await policy
      .execute('set', () => tier.set(writes))
      .then(
        () => true,
        () => false,
      )
    if (isTaken) for (const { key, bytes } of writes) recorder.write(key, counts, tier.name, bytes.length)
    return isTaken
  }

  return {
    /** Writes entries and reports failures. Returns whether the tier took all of them. */
    async writeEntries(
      entries: readonly LocalEntry[],
      counts: FunctionCounts | undefined,
      lease: string | undefined,
    ): Promise<boolean> {
      let isTaken = true
      for (const chunk of chunksOf(entries, maxKeysPerWrite)) {
        const encoded = await Promise.all(chunk.map((entry) => encodeWrite(entry, lease)))
        const writes = encoded.filter((write) => write !== undefined)
        if (writes.length < chunk.length) isTaken = false
        for (const call of callsOf(writes)) isTaken = (await sendWrites(call, counts)) && isTaken
      }
      return isTaken
    },

    /** Removes the entries of `keys` older than `position`, and rejects older ones that arrive within `keepFor` ms. */
    async deleteOlder(keys: readonly string[], position: number, keepFor: number): Promise<void> {
      for (const chunk of chunksOf(keys, maxKeysPerWrite))
        await policy.execute('delete', () => tier.delete(chunk, position, keepFor))
    },
  }
}

export type SharedWrites = ReturnType<typeof createSharedWrites>

/** The writes in their order, in calls of at most {@link maxBytesPerWrite}, or of one larger entry. */
function callsOf(writes: readonly SharedWrite[]): readonly (readonly SharedWrite[])[] {
  const calls: SharedWrite[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const write of writes) {
    size += write.bytes.length
    if (size <= maxBytesPerWrite) {
      calls.at(-1)?.push(write)
    } else {
      calls.push([write])
      size = write.bytes.length
    }
  }
  return calls
}
