import { type Compressor, LarderError } from '@larder/core'
import { compress, compressSync, uncompress, uncompressSync } from 'lz4-napi'

/** From this size on, in bytes, work runs on libuv's thread pool: compressing here would block the event loop. */
const asyncThreshold = 262_144
/** lz4-napi writes the uncompressed size before the block: four bytes, little-endian. */
const sizePrefixBytes = 4
/** One byte of a block encodes at most this many bytes (LZ4 block format, end of block conditions). */
const maxCompressionRatio = 255

/**
 * LZ4 (block format), the fastest compressor available: for entries that are read more often than written. Native code, by
 * lz4-napi.
 *
 * @example
 * ```ts
 * createCache({ name: 'shop', store, compression: { compressor: lz4(), threshold: 4_096 } })
 * ```
 */
export function lz4(): Compressor {
  return {
    id: 4,
    name: 'lz4',
    compress: (bytes) => (bytes.length < asyncThreshold ? compressSync(toBuffer(bytes)) : compress(bytes)),
    decompress(bytes, size) {
      requireDeclaredSize(bytes, size)
      if (size < asyncThreshold) return requireSize(size, uncompressSync(bytes))
      return uncompress(bytes).then((unpacked) => requireSize(size, unpacked))
    },
  }
}

/**
 * Checks the declared size before unpacking, because it is the amount of memory that unpacking allocates.
 * @throws LarderError `BAD_ENTRY` if it is not `size`, or more than the block can hold.
 */
function requireDeclaredSize(bytes: Uint8Array, size: number): void {
  const blockBytes = bytes.length - sizePrefixBytes
  const declaredSize =
    blockBytes < 0 ? -1 : new DataView(bytes.buffer, bytes.byteOffset, sizePrefixBytes).getUint32(0, true)
  if (declaredSize === size && size <= blockBytes * maxCompressionRatio) return
  throw new LarderError(
    'BAD_ENTRY',
    `The compressed payload declares ${declaredSize} bytes; the entry declares ${size}.`,
  )
}

/** A damaged block may unpack to fewer bytes than it declares. */
function requireSize(size: number, unpacked: Uint8Array): Uint8Array {
  if (unpacked.length === size) return unpacked
  throw new LarderError('BAD_ENTRY', `The payload must have ${size} bytes; it has ${unpacked.length}.`)
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
