import type { EntryHeader } from '../contracts/entry-codec'
import type { ScanPage } from '../contracts/store'
import type { Recorder } from '../telemetry/recorder'
import { createEntryDecoder } from './entry-decoder'
import type { GuardedTier } from './guarded-tier'
import type { TierAnswer } from './lookup'
import { createSharedReads } from './shared-reads'
import { createSharedWrites, type SharedWrites } from './shared-writes'
import { fromSharedEntry, inspectionRules } from './to-local-entry'
import type { Validity } from './validity'

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

/** Moves entries in and out of one shared tier: encodes and decodes them, and guards every call by the tier's policy. */
export function createSharedTierClient(guarded: GuardedTier, options: SharedTierClientOptions) {
  const { tier, policy, codec } = guarded
  const { validity } = options
  const writes = createSharedWrites(guarded, options)
  const decode = createDecoder(guarded, options, writes)
  const reads = createSharedReads(tier, policy, decode)
  const isApart = tier.isApartFromLog ?? false
  const isDead = (header: EntryHeader) =>
    validity.canJudge(header.term) && validity.isInvalidated(header, isApart)

  return {
    ...writes,
    decode,
    getOne: reads.getOne,
    getMany: reads.getMany,

    /** Undefined for a tier that cannot list its keys. */
    scanKeys:
      tier.scan &&
      ((cursor: string | undefined, count: number): Promise<ScanPage> =>
        policy.execute('scan', async () => tier.scan?.(cursor, count) ?? noKeys)),

    /** The tier's answer for the key, with the entry even if it is invalidated. Has no side effects. */
    async inspectKey(key: string): Promise<TierAnswer> {
      const [bytes] = await reads.getBytes([key]).catch((): readonly undefined[] => [])
      if (bytes === undefined) return 'absent'
      const header = codec.readHeader(bytes, key)
      const value = header.ok ? await codec.decodeValue(header.header) : undefined
      if (!header.ok || !value?.ok) return 'unreadable'
      const entry = fromSharedEntry(header.header, value.value, inspectionRules, options.clockOffset())
      return { entry, tier: tier.name }
    },

    /** Removes those of these keys whose entries are invalidated. Returns how many entries were removed. */
    async sweepKeys(keys: readonly string[]): Promise<number> {
      const answers = await reads.getBytes(keys)
      const dead = keys.flatMap((key, index) => {
        const bytes = answers[index]
        const header = bytes && codec.readHeader(bytes, key)
        return header?.ok && isDead(header.header) ? [header.header] : []
      })
      await Promise.all(dead.map(({ key, asOf }) => writes.deleteOlder([key], asOf + 1, 0)))
      return dead.length
    },
  }
}

const noKeys: ScanPage = { keys: [], cursor: undefined }

export type SharedTierClient = ReturnType<typeof createSharedTierClient>

function createDecoder(
  { tier, codec }: GuardedTier,
  { validity, clockOffset, recorder, runInBackground }: SharedTierClientOptions,
  { deleteOlder }: SharedWrites,
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
