import type { Compressor } from '../contracts/codec'
import { LarderError } from '../errors'

/** From this size on, in bytes, compression would block the event loop for too long, so it runs in the thread pool. */
const asyncThreshold = 65_536

/** An algorithm of `node:zlib`: synchronous and callback forms of both directions. */
interface ZlibMethod {
  readonly id: number
  readonly name: string
  compressSync(bytes: Uint8Array): Uint8Array
  compress(bytes: Uint8Array, done: (error: Error | null, result: Uint8Array) => void): void
  decompressSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array
  decompress(
    bytes: Uint8Array,
    options: { maxOutputLength: number },
    done: (error: Error | null, result: Uint8Array) => void,
  ): void
}

function loadZlib(): typeof import('node:zlib') {
  const found = globalThis.process?.getBuiltinModule?.('node:zlib')
  if (found !== undefined) return found
  throw new LarderError(
    'BAD_OPTION',
    'Compression needs node:zlib, which this runtime lacks. Set `compression: false`.',
  )
}

function createCompressor(method: ZlibMethod): Compressor {
  return {
    id: method.id,
    name: method.name,
    compress(bytes) {
      if (bytes.length < asyncThreshold) return method.compressSync(bytes)
      return new Promise((resolve, reject) => {
        method.compress(bytes, (error, result) => (error ? reject(error) : resolve(result)))
      })
    },
    decompress(bytes, size) {
      const options = { maxOutputLength: Math.max(1, size) }
      if (size < asyncThreshold) return checkSize(method.decompressSync(bytes, options), size)
      return new Promise((resolve, reject) => {
        method.decompress(bytes, options, (error, result) =>
          error ? reject(error) : resolve(checkSize(result, size)),
        )
      })
    },
  }
}

/** DEFLATE cannot exceed 1032 : 1. Other algorithms turn a hundred bytes into hundreds of millions. */
const maxRatio = 1_100
/** Payloads of up to this size, in bytes, are harmless whatever they were compressed to. */
const harmlessSize = 1_048_576

/** Whether a payload of `size` bytes was compressed to so few that it must be suspected of exhausting its readers. */
export function exceedsRatio(size: number, compressedSize: number): boolean {
  return size > harmlessSize && size > compressedSize * maxRatio
}

function checkSize(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes
  throw new LarderError(
    'BAD_ENTRY',
    `The payload must have ${size} bytes after decompression; got ${bytes.length}.`,
  )
}

/** gzip: available everywhere, moderate in speed and size. @throws LarderError `BAD_OPTION` without `node:zlib`. */
export function gzip(): Compressor {
  const { gzipSync, gunzipSync, gzip: compress, gunzip: decompress } = loadZlib()
  return createCompressor({
    id: 1,
    name: 'gzip',
    compressSync: gzipSync,
    compress,
    decompressSync: gunzipSync,
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
  } = loadZlib()
  return createCompressor({
    id: 2,
    name: 'brotli',
    compressSync: brotliCompressSync,
    compress,
    decompressSync: brotliDecompressSync,
    decompress,
  })
}

/** Zstandard: small and fast, from Node 22.15 on. @throws LarderError `BAD_OPTION` if the runtime lacks it. */
export function zstd(): Compressor {
  const methods = loadZlib() as unknown as Partial<Record<string, never>>
  const { zstdCompressSync, zstdDecompressSync, zstdCompress, zstdDecompress } = methods
  if (!zstdCompressSync || !zstdDecompressSync || !zstdCompress || !zstdDecompress) {
    throw new LarderError(
      'BAD_OPTION',
      'zstd() needs Node 22.15 or newer. Use brotli(), gzip(), or lz4() from @larder/lz4.',
    )
  }
  return createCompressor({
    id: 3,
    name: 'zstd',
    compressSync: zstdCompressSync,
    compress: zstdCompress,
    decompressSync: zstdDecompressSync,
    decompress: zstdDecompress,
  })
}

/**
 * DEFLATE without a header (RFC 1951), at its fastest level: the default of shared stores. Available everywhere, with the
 * savings of gzip and less overhead for small values. @throws LarderError `BAD_OPTION` without `node:zlib`.
 */
export function deflate(): Compressor {
  const { deflateRawSync, inflateRawSync, deflateRaw, inflateRaw: decompress } = loadZlib()
  return createCompressor({
    id: 5,
    name: 'deflate',
    compressSync: (bytes) => deflateRawSync(bytes, { level: 1 }),
    compress: (bytes, done) => deflateRaw(bytes, { level: 1 }, done),
    decompressSync: inflateRawSync,
    decompress,
  })
}

/** All compressors of this runtime. Entries written with any of them can be read, whichever is configured for writing. */
export function builtInCompressors(): Compressor[] {
  return [deflate, gzip, brotli, zstd].flatMap((createBuiltIn) => {
    try {
      return [createBuiltIn()]
    } catch {
      return []
    }
  })
}
