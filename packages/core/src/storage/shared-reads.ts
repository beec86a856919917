import { chunksOf } from '../chunks-of'
import type { SharedTier } from '../contracts/store'
import { LarderError } from '../errors'
import { isThenable, type MaybePromise } from '../maybe-promise'
import type { Policy } from '../resilience/policy'
import { batchPerTick } from './batch-per-tick'
import type { EntryDecoder } from './entry-decoder'
import type { TierAnswer } from './lookup'
import type { LocalEntryRules } from './to-local-entry'

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

/** Reads entries from one shared tier, in batches, through its policy. */
export function createSharedReads(tier: SharedTier, policy: Policy, decode: EntryDecoder) {
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
  function dispatchReads(reads: readonly PendingRead[], maxSize: number): void {
    const isOneCommand = reads.length <= maxSize
    const readAll = () =>
      isOneCommand ? resolveReads(reads) : Promise.all(chunksOf(reads, maxSize).map(resolveReads))
    policy.execute<unknown>('get', readAll).catch(() => {
      for (const read of reads) read.receive(undefined)
    })
  }

  const batcherFor = (mode: BatchMode) =>
    batchPerTick<PendingRead>(maxBatchSize.bulk, (reads) => dispatchReads(reads, maxBatchSize[mode]))
  const addRead = { single: batcherFor('single'), bulk: batcherFor('bulk') }
  const getOne = (key: string, rules: LocalEntryRules, mode: BatchMode) =>
    new Promise<TierAnswer>((resolve) =>
      addRead[mode]({ key, receive: (bytes) => resolve(decode(bytes, key, rules)) }),
    )

  return {
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
