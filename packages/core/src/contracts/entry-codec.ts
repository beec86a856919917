import type { Entry } from '../entry/entry'
import type { MaybePromise } from '../maybe-promise'
import type { Compressor, Sealer, Serializer } from './codec'
import type { UnreadableReason } from './events'
import type { StandardSchemaV1 } from './schema'

/** Makes the codec of a cache for one shared tier. */
export type CreateEntryCodec = (options: EntryCodecOptions) => EntryCodec

/** How entries become bytes: what the cache was told, and what the tier brings. */
export interface EntryCodecOptions {
  readonly cacheName: string
  readonly serializer: Serializer | undefined
  /** Others that entries may have been written with. */
  readonly serializers: readonly Serializer[] | undefined
  readonly compression:
    | { readonly compressor: Compressor; readonly threshold: number | undefined }
    | undefined
  /** Others that entries may have been written with. */
  readonly compressors: readonly Compressor[]
  readonly sealer: Sealer | undefined
  /** Of a payload before compression, in bytes. */
  readonly maxSize: number
  readonly schema: StandardSchemaV1 | undefined
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/**
 * Turns entries into bytes and back. Reading never throws: what cannot be read has a reason. Nothing is promised that can
 * be done at once: only a sealer makes everybody wait, and a compressor or a schema that promises its own results.
 */
export interface EntryCodec {
  /** @throws LarderError `UNREADABLE_VALUE` for a value that has no form in bytes, or too large a one. */
  encode(entry: Entry): MaybePromise<Uint8Array>
  readHeader(bytes: Uint8Array, key: string): HeaderResult
  decodeValue(header: EntryHeader): MaybePromise<ValueResult>
}

export type HeaderResult =
  | { readonly ok: true; readonly header: EntryHeader }
  | { readonly ok: false; readonly reason: UnreadableReason }

export type ValueResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: UnreadableReason }

/** An entry but for its value, and where the value lies. */
export interface EntryHeader extends Omit<Entry, 'value'> {
  readonly format: PayloadFormat
  /** The header's own bytes, and the payload after them. */
  readonly bytes: Uint8Array
  readonly payloadAt: number
}

/** How the payload was made. */
export interface PayloadFormat {
  readonly serializer: number
  readonly compressor: number
  readonly sealer: number
  /** Size before compression, in bytes. */
  readonly size: number
}
