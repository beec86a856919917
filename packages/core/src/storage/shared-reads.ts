import type { EntryCodec, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { MissReason, UnreadableReason } from '../contracts/events'
import type { SharedTier } from '../contracts/store'
import { LarderError } from '../errors'
import { isThenable, type MaybePromise } from '../maybe-promise'
import type { Policy } from '../resilience/policy'
import { chunksOf } from '../slices'
import type { Recorder } from '../telemetry/recorder'
import { batchPerTick } from './batch-per-tick'
import type { TierAnswer } from './lookup'
import { fromSharedEntry, type LocalEntryRules } from './to-local-entry'
import type { Rejection, Validity } from './validity'

/** A read of one key that waits for its batch. */
interface PendingRead {
  readonly key: string
  /** Receives the bytes of the entry: undefined if the tier has none, or fails. */
  receive(bytes: Uint8Array | undefined): void
}

/** Whether a key is read for itself, or as one of many keys of the same call. */
export type BatchMode = 'single' | 'bulk'

/**
 * Keys per command. Independent reads share small commands, so that while the server answers the next one, the entries of
 * the last one are decoded. The keys of one bulk call share one command, up to a size that does not block the server.
 */
const maxBatchSize = { single: 32, bulk: 500 } as const satisfies Record<BatchMode, number>

/** A shared tier, the policy for calls of it, and the codec for its bytes. */
export interface GuardedTier {
  readonly tier: SharedTier
  readonly policy: Policy
  readonly codec: EntryCodec
}

/** Dependencies of {@link createSharedReads}. */
interface SharedReadsOptions {
  readonly validity: Validity
  /** The log's clock minus the monotonic clock, in ms. */
  clockOffset(): number
  readonly recorder: Recorder
  /** Removes the entry of a key that was invalidated at a position above `asOf`. */
  removeInvalidated(key: string, asOf: number): void
}

/** Reads entries from one shared tier, in batches, through its policy. */
export function createSharedReads(guarded: GuardedTier, options: SharedReadsOptions) {
  const { tier, policy } = guarded
  const decode = createDecoder(guarded, options)

  /** One guarded command. Rejects if the tier fails. */
  const getBytes = (keys: readonly string[]) =>
    policy.execute('get', async () => assertArray(tier.name, await tier.get(keys)))

  async function fetchAnswers(keys: readonly string[], rules: LocalEntryRules) {
    const bytes = await getBytes(keys).catch((): readonly undefined[] => [])
    const answers = keys.map((key, index) => decode(bytes[index], key, rules))
    const isReady = (answer: MaybePromise<TierAnswer>): answer is TierAnswer => !isThenable(answer)
    return answers.every(isReady) ? answers : Promise.all(answers)
  }

  /** Each read resolves as soon as its own entry is decoded. */
  async function resolveReads(reads: readonly PendingRead[]): Promise<void> {
    const bytes = assertArray(tier.name, await tier.get(reads.map(({ key }) => key)))
    for (const [index, read] of reads.entries()) read.receive(bytes[index])
  }

  /** One guarded call per tick, however many commands: a stall counts as one failure for the circuit breaker. */
  const dispatchReads = (maxSize: number) => (reads: readonly PendingRead[]) => {
    const readAll = () =>
      reads.length <= maxSize ? resolveReads(reads) : Promise.all(chunksOf(reads, maxSize).map(resolveReads))
    policy.execute<unknown>('get', readAll).catch(() => {
      for (const read of reads) read.receive(undefined)
    })
  }

  const addRead = {
    single: batchPerTick(maxBatchSize.bulk, dispatchReads(maxBatchSize.single)),
    bulk: batchPerTick(maxBatchSize.bulk, dispatchReads(maxBatchSize.bulk)),
  }
  const getOne = (key: string, rules: LocalEntryRules, mode: BatchMode) =>
    new Promise<TierAnswer>((resolve) =>
      addRead[mode]({ key, receive: (bytes) => resolve(decode(bytes, key, rules)) }),
    )

  return {
    decode,
    getBytes,

    /** The bytes of one entry, read in one command with those of other keys that are asked for in this tick. */
    getBytesOfOne: (key: string) =>
      new Promise<Uint8Array | undefined>((resolve) => addRead.bulk({ key, receive: resolve })),

    /** The tier's answer for one key, batched with other reads of this tick. A tier that fails has no entry. */
    getOne,

    /** The tier's answers for `keys`: one command, or several at the same time for very many keys. */
    async getMany(keys: readonly string[], rules: LocalEntryRules): Promise<readonly TierAnswer[]> {
      const [only] = keys
      if (keys.length === 1 && only !== undefined) return [await getOne(only, rules, 'single')]
      const chunks = chunksOf(keys, maxBatchSize.bulk)
      return (await Promise.all(chunks.map((chunk) => fetchAnswers(chunk, rules)))).flat()
    },
  }
}

/** Adapters may be written without types. @throws LarderError `STORE_FAILED` if the answer is not an array. */
function assertArray<T>(tier: string, answers: readonly T[]): readonly T[] {
  if (Array.isArray(answers)) return answers
  throw new LarderError(
    'STORE_FAILED',
    `get of the tier "${tier}" must resolve to an array, one item per key.`,
  )
}

/**
 * Turns the bytes of a shared tier into entries. The header is judged by the invalidations first, so the payload of an
 * invalidated entry is never decoded.
 */
function createDecoder({ tier, codec }: GuardedTier, options: SharedReadsOptions) {
  const { validity, clockOffset, recorder, removeInvalidated } = options
  const isApart = tier.isApartFromLog ?? false

  function reportUnreadable(key: string, reason: UnreadableReason): MissReason {
    recorder.unreadable({ key, tier: tier.name, reason })
    // The bytes answer another command: the connection is out of step, and every later answer would be wrong too.
    if (reason === 'wrong-key') tier.reset()
    return 'unreadable'
  }

  function reportFailure(error: unknown): TierAnswer {
    recorder.error('decode', error)
    return 'unreadable'
  }

  function decodeEntry(bytes: Uint8Array, key: string, rules: LocalEntryRules): MaybePromise<TierAnswer> {
    const result = codec.readHeader(bytes, key)
    if (!result.ok) return reportUnreadable(key, result.reason)
    const { header } = result
    const rejection = validity.findRejection(header, isApart)
    return isThenable(rejection)
      ? rejection.then((reason) => decodeUnless(reason, bytes, header, rules))
      : decodeUnless(rejection, bytes, header, rules)
  }

  function decodeUnless(
    rejection: Rejection | undefined,
    bytes: Uint8Array,
    header: EntryHeader,
    rules: LocalEntryRules,
  ): MaybePromise<TierAnswer> {
    if (rejection === 'invalidated') removeInvalidated(header.key, header.asOf)
    if (rejection !== undefined) return rejection
    const toAnswer = (value: ValueResult) => answerWith(bytes, header, value, rules)
    const decoded = codec.decodeValue(header)
    return isThenable(decoded) ? decoded.then(toAnswer) : toAnswer(decoded)
  }

  function answerWith(
    bytes: Uint8Array,
    header: EntryHeader,
    value: ValueResult,
    rules: LocalEntryRules,
  ): TierAnswer {
    if (!value.ok) return reportUnreadable(header.key, value.reason)
    return { entry: fromSharedEntry(header, value.value, rules, clockOffset()), tier: tier.name, bytes }
  }

  /** Synchronous unless the codec is asynchronous. Never throws and never rejects: a tier's failure does not reach a caller. */
  return (bytes: Uint8Array | undefined, key: string, rules: LocalEntryRules): MaybePromise<TierAnswer> => {
    if (bytes === undefined) return 'absent'
    try {
      const answer = decodeEntry(bytes, key, rules)
      return isThenable(answer) ? answer.catch(reportFailure) : answer
    } catch (error) {
      return reportFailure(error)
    }
  }
}
