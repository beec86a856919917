import type { RegisteredClasses } from '../entry/registered-classes'

/**
 * Turns values into bytes and back.
 * The id is stored with each entry, so that entries written by different serializers can coexist.
 */
export interface Serializer {
  /** One byte. 0 to 63 are reserved for Larder; choose one from 64 to 255 and never reuse it. */
  readonly id: number
  readonly name: string
  /**
   * `classes` are those of the cache's option `types`. A serializer of your own may ignore them.
   * @throws if the value has no form in bytes that gives the same value back.
   */
  serialize(value: unknown, classes?: RegisteredClasses): Uint8Array
  deserialize(bytes: Uint8Array, classes?: RegisteredClasses): unknown
}

/** Compresses and decompresses payloads. Its id is stored with each entry, like that of a {@link Serializer}. */
export interface Compressor {
  /** One byte. 0 means uncompressed; 1 to 63 are reserved for Larder; choose one from 64 to 255. */
  readonly id: number
  readonly name: string
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** @throws if the result is not exactly `size` bytes long. Must not allocate more than that. */
  decompress(bytes: Uint8Array, size: number): Uint8Array | Promise<Uint8Array>
}

/** Protects the bytes of an entry at rest: encrypts or signs them. */
export interface Sealer {
  /** One byte. 0 means unsealed; 1 to 63 are reserved for Larder. */
  readonly id: number
  /** `context` (place, cache name and key) is authenticated with the bytes: an entry copied elsewhere does not open. */
  seal(bytes: Uint8Array, context: Uint8Array): Promise<Uint8Array>
  /** @throws if the bytes were changed or moved, or sealed with an unknown key. */
  open(bytes: Uint8Array, context: Uint8Array): Promise<Uint8Array>
}
