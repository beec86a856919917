import type { ScanPage } from '../contracts/store'
import { LarderError } from '../errors'
import { errorMessageOf } from '../telemetry/error-message'
import type { Recorder } from '../telemetry/recorder'
import { createEntryDecoder } from './entry-decoder'
import type { GuardedTier } from './guarded-tier'
import type { TierInspection } from './lookup'
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

  return {
    ...writes,
    decode,
    getOne: reads.getOne,
    getMany: reads.getMany,

    /** Undefined for a tier that cannot list its keys. @throws LarderError `STORE_FAILED` and the others of a policy. */
    scanKeys:
      tier.scan &&
      ((cursor: string | undefined, count: number): Promise<ScanPage> =>
        policy
          .execute('scan', async () => tier.scan?.(cursor, count) ?? noKeys)
          .catch((error) => throwStoreError(tier.name, 'scan', error))),

    /** The tier's answer for the key, and the entry behind it. Changes nothing in the tier. */
    async inspectKey(key: string): Promise<TierInspection> {
      const bytes = await reads.getBytesOfOne(key)
      if (bytes === undefined) return { answer: 'absent', found: undefined }
      const result = codec.readHeader(bytes, key)
      const value = result.ok ? await codec.decodeValue(result.header) : undefined
      if (!result.ok || !value?.ok) return { answer: 'unreadable', found: undefined }
      const { header } = result
      const entry = fromSharedEntry(header, value.value, inspectionRules, options.clockOffset())
      const found = { entry, tier: tier.name }
      return { answer: (await validity.findRejection(header, isApart)) ?? found, found }
    },

    /**
     * Removes those of these keys whose entries are invalidated. Returns how many entries were removed.
     * @throws LarderError `STORE_FAILED` and the others of a policy.
     */
    async sweepKeys(keys: readonly string[]): Promise<number> {
      const answers = await reads.getBytes(keys).catch((error) => throwStoreError(tier.name, 'get', error))
      const headers = keys.flatMap((key, index) => {
        const bytes = answers[index]
        const result = bytes && codec.readHeader(bytes, key)
        return result?.ok ? [result.header] : []
      })
      const rejections = await Promise.all(headers.map((header) => validity.findRejection(header, isApart)))
      const invalidated = headers.filter((_, index) => rejections[index] === 'invalidated')
      await Promise.all(invalidated.map(({ key, asOf }) => writes.deleteOlder([key], asOf + 1, 0))).catch(
        (error) => throwStoreError(tier.name, 'delete', error),
      )
      return invalidated.length
    },
  }
}

/** The error of a store, for callers of the cache: its own class is none that they know. */
function throwStoreError(tier: string, operation: string, error: unknown): never {
  if (error instanceof LarderError) throw error
  const message = `${tier} failed at ${operation}: ${errorMessageOf(error)}`
  throw new LarderError('STORE_FAILED', message, { cause: error })
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
