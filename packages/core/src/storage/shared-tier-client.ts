import type { UnreadableReason } from '../contracts/events'
import type { ScanPage, SharedWrite } from '../contracts/store'
import { type LocalEntry, usefulUntil } from '../entry/entry'
import { LarderError } from '../errors'
import { chunksOf } from '../slices'
import { errorMessageOf } from '../telemetry/error-message'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import type { TierInspection } from './lookup'
import { createSharedReads, type GuardedTier } from './shared-reads'
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
  const { validity, runInBackground } = options
  const { writeEntries, deleteOlder } = createSharedWrites(guarded, options)
  const removeInvalidated = (key: string, asOf: number) => deleteOlder([key], asOf + 1, 0)
  const { decode, getBytes, getBytesOfOne, getOne, getMany } = createSharedReads(guarded, {
    ...options,
    removeInvalidated: (key, asOf) => runInBackground(removeInvalidated(key, asOf)),
  })
  const isApart = tier.isApartFromLog ?? false

  return {
    writeEntries,
    deleteOlder,
    decode,
    getOne,
    getMany,

    /** Undefined for a tier that cannot list its keys. @throws LarderError `STORE_FAILED` and the others of a policy. */
    scanKeys:
      tier.scan &&
      ((cursor: string | undefined, count: number): Promise<ScanPage> =>
        policy
          .execute('scan', async () => tier.scan?.(cursor, count) ?? noKeys)
          .catch((error) => throwStoreError(tier.name, 'scan', error))),

    /** The tier's answer for the key, and the entry behind it. Changes nothing in the tier. */
    async inspectKey(key: string): Promise<TierInspection> {
      const bytes = await getBytesOfOne(key)
      if (bytes === undefined) return { answer: 'absent', found: undefined }
      const result = codec.readHeader(bytes, key)
      if (!result.ok) return unreadableAnswer(result.reason)
      const { header } = result
      const value = await codec.decodeValue(header)
      if (!value.ok) return unreadableAnswer(value.reason)
      const entry = fromSharedEntry(header, value.value, inspectionRules, options.clockOffset())
      const found = { entry, tier: tier.name }
      return { answer: (await validity.findRejection(header, isApart)) ?? found, found }
    },

    /**
     * Removes those of these keys whose entries are invalidated. Returns how many entries were removed.
     * @throws LarderError `STORE_FAILED` and the others of a policy.
     */
    async sweepKeys(keys: readonly string[]): Promise<number> {
      const answers = await getBytes(keys).catch((error) => throwStoreError(tier.name, 'get', error))
      const headers = keys.flatMap((key, index) => {
        const bytes = answers[index]
        const result = bytes && codec.readHeader(bytes, key)
        return result?.ok ? [result.header] : []
      })
      const rejections = await Promise.all(headers.map((header) => validity.findRejection(header, isApart)))
      const invalidated = headers.filter((_, index) => rejections[index] === 'invalidated')
      await Promise.all(invalidated.map(({ key, asOf }) => removeInvalidated(key, asOf))).catch((error) =>
        throwStoreError(tier.name, 'delete', error),
      )
      return invalidated.length
    },
  }
}

/** Throws the error of a store as a LarderError: callers of the cache do not know the classes of the store's errors. */
function throwStoreError(tier: string, operation: string, error: unknown): never {
  if (error instanceof LarderError) throw error
  const message = `${tier} failed at ${operation}: ${errorMessageOf(error)}`
  throw new LarderError('STORE_FAILED', message, { cause: error })
}

const noKeys: ScanPage = { keys: [], cursor: undefined }

export type SharedTierClient = ReturnType<typeof createSharedTierClient>

/** Maximum keys per call that writes or deletes: each call has a timeout of its own. */
const maxKeysPerWrite = 500
/** Maximum bytes per call that writes several entries. */
const maxBytesPerWrite = 1024 * 1024

/** Writes entries to one shared tier and deletes them there, in calls of a bounded size, through its policy. */
function createSharedWrites(
  { tier, policy, codec }: GuardedTier,
  { now, recorder }: Pick<SharedTierClientOptions, 'now' | 'recorder'>,
) {
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
    try {
      await policy.execute('set', () => tier.set(writes))
    } catch {
      // The policy has reported the failure.
      return false
    }
    for (const { key, bytes } of writes) recorder.write(key, counts, tier.name, bytes.length)
    return true
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

const unreadableAnswer = (unreadable: UnreadableReason): TierInspection => ({
  answer: 'unreadable',
  found: undefined,
  unreadable,
})
