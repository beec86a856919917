import type { Compressor } from '../contracts/codec'
import { LarderError } from '../errors'

/** Above this size, in bytes, compressing would hold up everything else, so it is done aside. */
const asideFrom = 65_536

/** One pair of functions of `node:zlib`, in both their forms. */
interface Method {
  readonly id: number
  readonly name: string
  compressNow(bytes: Uint8Array): Uint8Array
  compress(bytes: Uint8Array, done: (error: Error | null, result: Uint8Array) => void): void
  decompressNow(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array
  decompress(
    bytes: Uint8Array,
    options: { maxOutputLength: number },
    done: (error: Error | null, result: Uint8Array) => void,
  ): void
}

function zlib(): typeof import('node:zlib') {
  const found = globalThis.process?.getBuiltinModule?.('node:zlib')
  if (found !== undefined) return found
  throw new LarderError(
    'BAD_OPTION',
    'Compression needs node:zlib, which this runtime does not have. Set `compression: false`.',
  )
}

function compressorOf(method: Method): Compressor {
  return {
    id: method.id,
    name: method.name,
    compress(bytes) {
      if (bytes.length < asideFrom) return method.compressNow(bytes)
      return new Promise((resolve, reject) => {
        method.compress(bytes, (error, result) => (error ? reject(error) : resolve(result)))
      })
    },
    decompress(bytes, size) {
      const options = { maxOutputLength: Math.max(1, size) }
      if (size < asideFrom) return exactly(size, method.decompressNow(bytes, options))
      return new Promise((resolve, reject) => {
        method.decompress(bytes, options, (error, result) =>
          error ? reject(error) : resolve(exactly(size, result)),
        )
      })
    },
  }
}

function exactly(size: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === size) return bytes
  throw new LarderError('BAD_ENTRY', `The payload should have ${size} bytes and has ${bytes.length}.`)
}

/** gzip: everywhere, moderate in both speed and size. @throws LarderError `BAD_OPTION` without `node:zlib`. */
export function gzip(): Compressor {
  const { gzipSync, gunzipSync, gzip: compress, gunzip: decompress } = zlib()
  return compressorOf({
    id: 1,
    name: 'gzip',
    compressNow: gzipSync,
    compress,
    decompressNow: gunzipSync,
    decompress,
  })
}

/** Brotli: smallest, slow to compress. @throws LarderError `BAD_OPTION` without `node:zlib`. */
export function brotli(): Compressor {
  const {
    brotliCompressSync,
    brotliDecompressSync,
    brotliCompress: compress,
    brotliDecompress: decompress,
  } = zlib()
  return compressorOf({
    id: 2,
    name: 'brotli',
    compressNow: brotliCompressSync,
    compress,
    decompressNow: brotliDecompressSync,
    decompress,
  })
}

/** Zstandard: small and fast, from Node 22.15 on. @throws LarderError `BAD_OPTION` where the runtime lacks it. */
export function zstd(): Compressor {
  const methods = zlib() as unknown as Partial<Record<string, never>>
  const { zstdCompressSync, zstdDecompressSync, zstdCompress, zstdDecompress } = methods
  if (!zstdCompressSync || !zstdDecompressSync || !zstdCompress || !zstdDecompress) {
    throw new LarderError(
      'BAD_OPTION',
      'zstd() needs Node 22.15 or newer. Use brotli(), gzip(), or lz4() from @larder/lz4.',
    )
  }
  return compressorOf({
    id: 3,
    name: 'zstd',
    compressNow: zstdCompressSync,
    compress: zstdCompress,
    decompressNow: zstdDecompressSync,
    decompress: zstdDecompress,
  })
}

/** Every compressor this runtime has: what was written with one of them can be read, whatever is set for writing. */
export function builtInCompressors(): Compressor[] {
  return [gzip, brotli, zstd].flatMap((make) => {
    try {
      return [make()]
    } catch {
      return []
    }
  })
}
