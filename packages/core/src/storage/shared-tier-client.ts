import type { EntryCodec, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { MissReason, UnreadableReason } from '../contracts/events'
import type { SharedTier, SharedWrite } from '../contracts/store'
import { usefulUntil } from '../entry/entry'
import type { LocalEntry } from '../entry/local-entry'
import { LarderError } from '../errors'
import { isThenable, type MaybePromise } from '../maybe-promise'
import type { Policy } from '../resilience/policy'
import { batchPerTick } from './tick-batcher'
import { fromSharedEntry, inspectionRules, type LocalEntryRules } from './to-local-entry'
import type { Validity } from './validity'

/** A shared tier behind its policy, with the codec for its bytes. */
export interface GuardedTier {
  readonly tier: SharedTier
  readonly policy: Policy
  readonly codec: EntryCodec
}

/** An entry, and the tier it was found in. */
export interface Found {
  readonly entry: LocalEntry
  readonly tier: string
  /** What it was made of, where it comes from another process. */
  readonly bytes?: Uint8Array | undefined
}

/** What a tier has of a key: an entry, or a reason for having none of any use. */
export type Answer = Found | MissReason

/** Somebody who wants to know about one key. */
interface Ask {
  readonly key: string
  readonly rules: LocalEntryRules
  resolve(answer: MaybePromise<Answer>): void
}

/** Whether a key is read for itself, or as one of many that somebody wants together. */
export type Company = 'alone' | 'together'

/**
 * Keys in one question at most. Of those who want one key each, a few share a question, and while the server answers the
 * next, what it answered before is decoded. Those that are wanted together are one question; none holds a server up.
 */
const mostKeys = { alone: 32, together: 500 } as const satisfies Record<Company, number>

/** What reaching shared tiers needs. */
export interface SharedTierClientOptions {
  readonly validity: Validity
  now(): number
  onUnreadable(key: string, tier: string, reason: UnreadableReason): void
  onWrite(key: string, tier: string, bytes: number): void
  onError(operation: string, error: unknown): void
  /** Lets work go on that nobody waits for. */
  detach(work: Promise<unknown>): void
}

/** Entries in and out of one shared tier: through its policy, by its codec, judged before their payload is touched. */
export function createSharedTierClient({ tier, policy, codec }: GuardedTier, options: SharedTierClientOptions) {
  const { validity, now, onUnreadable, onWrite, onError, detach } = options

  /** One question to the tier. What cannot be an answer fails like none. */
  const question = (keys: readonly string[]) =>
    policy.execute('get', async () => checked(tier.name, await tier.get(keys)))

  /** The bytes of these keys; a tier that fails has none. */
  const read = (keys: readonly string[]) => question(keys).catch((): readonly undefined[] => [])

  /** An entry that may never be served again is removed when it is met. */
  function unlink(key: string, asOf: number): Promise<void> {
    return policy.execute('delete', () => tier.delete([key], asOf + 1, 0))
  }

  /** What has no form in bytes is reported, and keeps nothing else out of the tier. */
  async function writeOf(entry: LocalEntry, lease: string | undefined): Promise<SharedWrite | undefined> {
    const keepFor = Math.max(1, Math.min(usefulUntil(entry) - now(), tier.maxTtl))
    try {
      return { key: entry.key, bytes: await codec.encode(entry), keepFor, lease }
    } catch (error) {
      onError('write', error)
      return undefined
    }
  }

  function unreadable(key: string, reason: UnreadableReason): MissReason {
    onUnreadable(key, tier.name, reason)
    // The answer to another question: so are all that follow.
    if (reason === 'wrong-key') tier.reset()
    return 'unreadable'
  }

  /** At once, unless decoding has to wait for something. Never throws: no failure of a tier reaches a caller. */
  function decode(bytes: Uint8Array | undefined, key: string, rules: LocalEntryRules): MaybePromise<Answer> {
    if (bytes === undefined) return 'absent'
    const failed = (error: unknown): Answer => {
      onError('decode', error)
      return 'unreadable'
    }
    try {
      const answer = judge(bytes, key, rules)
      return isThenable(answer) ? answer.catch(failed) : answer
    } catch (error) {
      return failed(error)
    }
  }

  function judge(bytes: Uint8Array, key: string, rules: LocalEntryRules): MaybePromise<Answer> {
    const result = codec.readHeader(bytes, key)
    if (!result.ok) return unreadable(key, result.reason)
    const { header } = result
    if (validity.isInvalidated(header)) {
      detach(unlink(key, header.asOf))
      return 'invalidated'
    }
    const take = (decoded: ValueResult) => found(bytes, header, decoded, rules)
    const decoded = codec.decodeValue(header)
    return isThenable(decoded) ? decoded.then(take) : take(decoded)
  }

  function found(
    bytes: Uint8Array,
    header: EntryHeader,
    decoded: ValueResult,
    rules: LocalEntryRules,
  ): Answer {
    if (!decoded.ok) return unreadable(header.key, decoded.reason)
    return { entry: fromSharedEntry(header, decoded.value, rules), tier: tier.name, bytes }
  }

  async function askTogether(keys: readonly string[], rules: LocalEntryRules): Promise<readonly Answer[]> {
    const answers = await read(keys)
    const decoded = keys.map((key, at) => decode(answers[at], key, rules))
    const isThere = (answer: MaybePromise<Answer>): answer is Answer => !isThenable(answer)
    return decoded.every(isThere) ? decoded : Promise.all(decoded)
  }

  /** Serves some readers as soon as their own answer is there. */
  async function serve(asks: readonly Ask[]): Promise<void> {
    const answers = checked(tier.name, await tier.get(asks.map(({ key }) => key)))
    for (const [at, { key, rules, resolve }] of asks.entries()) resolve(decode(answers[at], key, rules))
  }

  /** The readers of a turn pass the policy as one call, in however many questions: a stall that meets all of them is one. */
  function answer(asks: readonly Ask[], most: number): void {
    const isOne = asks.length <= most
    const work = () => (isOne ? serve(asks) : Promise.all(partsOf(asks, most).map(serve)))
    policy.execute<unknown>('get', work).catch(() => {
      for (const { resolve } of asks) resolve('absent')
    })
  }

  const gather = (company: Company) =>
    batchPerTick<Ask>(mostKeys.together, (asks) => answer(asks, mostKeys[company]))
  const ask = { alone: gather('alone'), together: gather('together') }
  const askOne = (key: string, rules: LocalEntryRules, company: Company) =>
    new Promise<Answer>((resolve) => ask[company]({ key, rules, resolve }))

  return {
    tier,
    policy,
    decode,

    /** The tier's answer for one key: asked with others of this turn. */
    askOne,

    /** The tier's answers for `keys`: in one question, or in several at the same time where they are very many. */
    async ask(keys: readonly string[], rules: LocalEntryRules): Promise<readonly Answer[]> {
      const [only] = keys
      if (keys.length === 1 && only !== undefined) return [await askOne(only, rules, 'alone')]
      const parts = partsOf(keys, mostKeys.together)
      return (await Promise.all(parts.map((part) => askTogether(part, rules)))).flat()
    },

    /** Writes entries; what fails is reported. Returns whether the tier took all of them. */
    async write(entries: readonly LocalEntry[], lease: string | undefined): Promise<boolean> {
      const made = await Promise.all(entries.map((entry) => writeOf(entry, lease)))
      const writes = made.filter((write) => write !== undefined)
      if (writes.length === 0) return entries.length === 0
      // What fails behind the policy is told there.
      const isTaken = await policy
        .execute('set', () => tier.set(writes))
        .then(
          () => true,
          () => false,
        )
      if (isTaken) for (const { key, bytes } of writes) onWrite(key, tier.name, bytes.length)
      return isTaken && writes.length === entries.length
    },

    /** What the tier holds of the key, though it be invalidated. */
    async inspect(key: string): Promise<Found | undefined> {
      const [bytes] = await read([key])
      const header = bytes && codec.readHeader(bytes, key)
      const decoded = header?.ok ? await codec.decodeValue(header.header) : undefined
      if (!header?.ok || !decoded?.ok) return undefined
      return { entry: fromSharedEntry(header.header, decoded.value, inspectionRules), tier: tier.name }
    },

    /** Removes what can never be served again among these keys. Returns how many entries that were. */
    async sweep(keys: readonly string[]): Promise<number> {
      const answers = await question(keys)
      const dead = keys.flatMap((key, at) => {
        const bytes = answers[at]
        const header = bytes && codec.readHeader(bytes, key)
        return header?.ok && validity.isInvalidated(header.header) ? [header.header] : []
      })
      await Promise.all(dead.map(({ key, asOf }) => unlink(key, asOf)))
      return dead.length
    },
  }
}

/** @throws LarderError `STORE_FAILED` for what adapters that are not checked by types may answer. */
function checked<T>(tier: string, answers: readonly T[]): readonly T[] {
  if (Array.isArray(answers)) return answers
  throw new LarderError('STORE_FAILED', `The tier "${tier}" answered with no array.`)
}

function partsOf<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const length = Math.ceil(items.length / most)
  return Array.from({ length }, (_, at) => items.slice(at * most, (at + 1) * most))
}

export type SharedTierClient = ReturnType<typeof createSharedTierClient>
