import type { EntryCodec, EntryHeader, ValueResult } from '../contracts/entry-codec'
import type { MissReason, UnreadableReason } from '../contracts/events'
import type { SharedTier } from '../contracts/store'
import { isThenable, type MaybePromise } from '../maybe-promise'
import type { TierAnswer } from './lookup'
import { fromSharedEntry, type LocalEntryRules } from './to-local-entry'
import type { Rejection, Validity } from './validity'

/** Dependencies of {@link createEntryDecoder}. */
interface EntryDecoderOptions {
  /** Name of the tier that the bytes come from. */
  readonly tier: string
  readonly codec: EntryCodec
  readonly validity: Validity
  /** {@link SharedTier.isApartFromLog}. */
  readonly isApart: boolean
  /** The log's clock minus the monotonic clock, in ms. */
  clockOffset(): number
  onUnreadable(key: string, reason: UnreadableReason): void
  /** The entry was invalidated at a position above `asOf`. */
  onInvalidated(key: string, asOf: number): void
  onError(operation: string, error: unknown): void
}

/**
 * Turns the bytes of a shared tier into entries. The header is judged by the invalidations first, so the payload of an
 * invalidated entry is never decoded.
 */
export function createEntryDecoder(options: EntryDecoderOptions) {
  const { tier, codec, validity, isApart, clockOffset, onUnreadable, onInvalidated, onError } = options

  function reportUnreadable(key: string, reason: UnreadableReason): MissReason {
    onUnreadable(key, reason)
    return 'unreadable'
  }

  function reportFailure(error: unknown): TierAnswer {
    onError('decode', error)
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
    if (rejection === 'invalidated') onInvalidated(header.key, header.asOf)
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
    return { entry: fromSharedEntry(header, value.value, rules, clockOffset()), tier, bytes }
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

export type EntryDecoder = ReturnType<typeof createEntryDecoder>
