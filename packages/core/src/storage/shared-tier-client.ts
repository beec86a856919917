import { chunksOf } from '../chunks-of'
import type { EntryCodec, EntryHeader } from '../contracts/entry-codec'
import type { ScanPage, SharedTier, SharedWrite } from '../contracts/store'
import { usefulUntil } from '../entry/entry'
import type { LocalEntry } from '../entry/local-entry'
import type { Policy } from '../resilience/policy'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import { createEntryDecoder } from './entry-decoder'
import type { TierAnswer } from './lookup'
import { createSharedReads } from './shared-reads'
import { fromSharedEntry, inspectionRules } from './to-local-entry'
import type { Validity } from './validity'

/** A shared tier, the policy for calls of it, and the codec for its bytes. */
export interface GuardedTier {
  readonly tier: SharedTier
  readonly policy: Policy
  readonly codec: EntryCodec
}

/** Dependencies of {@link createSharedTierClient}. */
interface SharedTierClientOptions {
  readonly validity: Validity
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  /** The log's clock minus the monotonic clock, in ms. */
  clockOffset(): number
  readonly recorder: Recorder
  runInBackground(work: Promise<unknown>): void
}

/** Maximum keys per call that writes or deletes: each call has a timeout of its own. */
const maxKeysPerWrite = 500
/** Maximum bytes per call that writes several entries. */
const maxBytesPerWrite = 1024 * 1024

/** Moves entries in and out of one shared tier: encodes and decodes them, and guards every call by the tier's policy. */
export function createSharedTierClient(guarded: GuardedTier, options: SharedTierClientOptions) {
  const { tier, policy } = guarded

  async function deleteOlder(keys: readonly string[], position: number, keepFor: number): Promise<void> {
    for (const chunk of chunksOf(keys, maxKeysPerWrite))
      await policy.execute('delete', () => tier.delete(chunk, position, keepFor))
  }

  /** Encodes and writes the entries of one call. Returns whether the tier took all of them. */
  async function writeChunk(
    entries: readonly LocalEntry[],
    counts: FunctionCounts | undefined,
    lease: string | undefined,
  ): Promise<boolean> {
    const encoded = await Promise.all(entries.map((entry) => encodeWrite(guarded, options, entry, lease)))
    const writes = encoded.filter((write) => write !== undefined)
    let isTaken = writes.length === entries.length
    for (const call of callsOf(writes)) isTaken = (await takeWrites(call, counts)) && isTaken
    return isTaken
  }

  async function takeWrites(
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
    if (isTaken)
      for (const { key, bytes } of writes) options.recorder.write(key, counts, tier.name, bytes.length)
    return isTaken
  }

  const decode = createDecoder(guarded, options, deleteOlder)
  const { validity } = options
  const isApart = tier.isApartFromLog ?? false
  const isDead = (header: EntryHeader) =>
    validity.canJudge(header.term) && validity.isInvalidated(header, isApart)
  const reads = createSharedReads(tier, policy, decode)

  return {
    decode,
    getOne: reads.getOne,
    getMany: reads.getMany,

    /** Removes the entries of `keys` older than `position`, and rejects older ones that arrive within `keepFor` ms. */
    deleteOlder,

    /** Undefined for a tier that cannot list its keys. */
    scanKeys:
      tier.scan &&
      ((cursor: string | undefined, count: number): Promise<ScanPage> =>
        policy.execute('scan', async () => tier.scan?.(cursor, count) ?? noKeys)),

    /** Writes entries and reports failures. Returns whether the tier took all of them. */
    async writeEntries(
      entries: readonly LocalEntry[],
      counts: FunctionCounts | undefined,
      lease: string | undefined,
    ): Promise<boolean> {
      let isTaken = true
      for (const chunk of chunksOf(entries, maxKeysPerWrite))
        isTaken = (await writeChunk(chunk, counts, lease)) && isTaken
      return isTaken
    },

    /** The tier's answer for the key, with the entry even if it is invalidated. Has no side effects. */
    async inspectKey(key: string): Promise<TierAnswer> {
      const [bytes] = await reads.getBytes([key]).catch((): readonly undefined[] => [])
      if (bytes === undefined) return 'absent'
      const header = guarded.codec.readHeader(bytes, key)
      const value = header.ok ? await guarded.codec.decodeValue(header.header) : undefined
      if (!header.ok || !value?.ok) return 'unreadable'
      const entry = fromSharedEntry(header.header, value.value, inspectionRules, options.clockOffset())
      return { entry, tier: tier.name }
    },

    /** Removes those of these keys whose entries are invalidated. Returns how many entries were removed. */
    async sweepKeys(keys: readonly string[]): Promise<number> {
      const answers = await reads.getBytes(keys)
      const dead = keys.flatMap((key, index) => {
        const bytes = answers[index]
        const header = bytes && guarded.codec.readHeader(bytes, key)
        return header?.ok && isDead(header.header) ? [header.header] : []
      })
      await Promise.all(dead.map(({ key, asOf }) => deleteOlder([key], asOf + 1, 0)))
      return dead.length
    },
  }
}

const noKeys: ScanPage = { keys: [], cursor: undefined }

export type SharedTierClient = ReturnType<typeof createSharedTierClient>

function createDecoder(
  { tier, codec }: GuardedTier,
  { validity, clockOffset, recorder, runInBackground }: SharedTierClientOptions,
  deleteOlder: (keys: readonly string[], position: number, keepFor: number) => Promise<void>,
) {
  return createEntryDecoder({
    tier: tier.name,
    codec,
    validity,
    isApart: tier.isApartFromLog ?? false,
    clockOffset,
    onUnreadable(key, reason) {
      recorder.unreadable({ key, tier: tier.name, reason })
      // The bytes answer another command: the connection is out of step, and every later answer would be wrong too.
      if (reason === 'wrong-key') tier.reset()
    },
    onInvalidated: (key, asOf) => runInBackground(deleteOlder([key], asOf + 1, 0)),
    onError: recorder.error,
  })
}

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

/** An entry that has no faithful form in bytes is left out with a warning; the other entries of the same write are not affected. */
async function encodeWrite(
  { tier, codec }: GuardedTier,
  { now, recorder }: SharedTierClientOptions,
  entry: LocalEntry,
  lease: string | undefined,
): Promise<SharedWrite | undefined> {
  const keepFor = Math.max(1, Math.min(usefulUntil(entry) - now(), tier.maxTtl))
  try {
    return { key: entry.key, bytes: await codec.encode(entry), keepFor, lease }
  } catch (error) {
    recorder.unwritten(entry.key, tier.name, error)
    return undefined
  }
}
