/**
 * Turns values into bytes and back.
 * The identifier is stored with each entry, so entries written by different serializers can live side by side.
 */
export interface Serializer {
  /** One byte. 0 to 63 are Larder's own; choose yours from 64 to 255 and never reuse one. */
  readonly id: number
  readonly name: string
  serialize(value: unknown): Uint8Array
  deserialize(bytes: Uint8Array): unknown
}

/** Makes bytes smaller and whole again. Identified per entry, like a {@link Serializer}. */
export interface Compressor {
  /** One byte. 0 means uncompressed; 1 to 63 are Larder's own; choose yours from 64 to 255. */
  readonly id: number
  readonly name: string
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** @throws if the result would not be exactly `size` bytes long; must not build more than that in memory. */
  decompress(bytes: Uint8Array, size: number): Uint8Array | Promise<Uint8Array>
}

/** Protects the bytes of an entry at rest: encrypts them, or signs them. */
export interface Sealer {
  /** One byte. 0 means unsealed; 1 to 63 are Larder's own. */
  readonly id: number
  /** `context` (the cache's name and the key) is bound to the result: an entry moved elsewhere does not open. */
  seal(bytes: Uint8Array, context: Uint8Array): Promise<Uint8Array>
  /** @throws if the bytes were changed, moved, or sealed with a key that is not known any more. */
  open(bytes: Uint8Array, context: Uint8Array): Promise<Uint8Array>
}
