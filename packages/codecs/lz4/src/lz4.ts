import { type Compressor, LarderError } from '@larder/core'
import { compress, compressSync, uncompress, uncompressSync } from 'lz4-napi'

/** Above this size, in bytes, compressing would hold up everything else, so it is done aside. */
const asideFrom = 262_144
/** Before the block stands the size of what is in it: four bytes, little-endian. */
const prefixBytes = 4
/** The format can say no more than this many bytes with one (LZ4 block format, end of block rules). */
const largestRatio = 255

/**
 * LZ4 (block format): the fastest compressor at hand, for entries that are read more often than they are kept long.
 * Native code, by lz4-napi.
 */
export function lz4(): Compressor {
  return {
    id: 4,
    name: 'lz4',
    compress: (bytes) => (bytes.length < asideFrom ? compressSync(bufferOf(bytes)) : compress(bytes)),
    decompress(bytes, size) {
      checkDeclared(bytes, size)
      if (size < asideFrom) return exactly(size, uncompressSync(bytes))
      return uncompress(bytes).then((unpacked) => exactly(size, unpacked))
    },
  }
}

/** Unpacking is bounded by the size before the block, so that is what must be right beforehand. */
function checkDeclared(bytes: Uint8Array, size: number): void {
  const block = bytes.length - prefixBytes
  const declared =
    block < 0 ? -1 : new DataView(bytes.buffer, bytes.byteOffset, prefixBytes).getUint32(0, true)
  if (declared === size && size <= block * largestRatio) return
  throw new LarderError(
    'BAD_ENTRY',
    `The compressed payload declares ${declared} bytes; the entry says ${size}.`,
  )
}

/** A damaged block may hold less than it declares. */
function exactly(size: number, unpacked: Uint8Array): Uint8Array {
  if (unpacked.length === size) return unpacked
  throw new LarderError('BAD_ENTRY', `The payload should have ${size} bytes and has ${unpacked.length}.`)
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
