import type { Entry } from '../entry/entry'
import type { RegisteredClasses } from '../entry/registered-classes'
import type { MaybePromise } from '../maybe-promise'
import type { Compressor, Sealer, Serializer } from './codec'
import type { UnreadableReason } from './events'
import type { StandardSchemaV1 } from './schema'

/** Creates the codec of a cache for one shared tier. */
export type CreateEntryCodec = (options: EntryCodecOptions) => EntryCodec

/** How entries become bytes: options of the cache, and defaults of the tier. */
export interface EntryCodecOptions {
  readonly cacheName: string
  /** Where the entries are; sealed with them. */
  readonly place: string
  readonly serializer: Serializer | undefined
  /** Further serializers that stored entries may have been written with. */
  readonly serializers: readonly Serializer[] | undefined
  /** Classes whose instances keep their class in bytes. */
  readonly classes: RegisteredClasses
  readonly compression:
    | { readonly compressor: Compressor; readonly threshold: number | undefined }
    | undefined
  /** Further compressors that stored entries may have been written with. */
  readonly compressors: readonly Compressor[]
  readonly sealer: Sealer | undefined
  /** Maximum payload size before compression, in bytes. */
  readonly maxSize: number
  readonly schema: StandardSchemaV1 | undefined
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/**
 * Turns entries into bytes and back. Decoding never throws: bytes that cannot be used yield a reason. Methods answer
 * synchronously if they can, and return a promise only with a sealer, or if the compressor or the schema returns one.
 */
export interface EntryCodec {
  /** @throws LarderError `UNSERIALIZABLE_VALUE` or `VALUE_TOO_LARGE`. */
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

/** An entry without its value, and the position of the encoded value. */
export interface EntryHeader extends Omit<Entry, 'value'> {
  readonly format: PayloadFormat
  /** The whole encoded entry: header, then payload. */
  readonly bytes: Uint8Array
  readonly payloadAt: number
}

/** Ids of the codecs that a payload was encoded with. */
export interface PayloadFormat {
  readonly serializer: number
  readonly compressor: number
  readonly sealer: number
  /** Size before compression, in bytes. */
  readonly size: number
}
