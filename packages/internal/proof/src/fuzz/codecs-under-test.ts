import { type Compressor, noClasses, type Sealer, type Serializer } from '@larder/core'
import {
  brotli,
  createEntryCodec,
  deflate,
  type EntryCodec,
  encryption,
  gzip,
  json,
  signature,
  v8,
} from '@larder/core/encoding'

interface Choice {
  readonly serializer?: Serializer
  readonly compressor?: Compressor
  readonly sealer?: Sealer
}

/** Larger payloads are refused: the default of `maxValueSize`. */
const maxSize = 64 * 1_048_576

const keys = [{ id: 1, secret: new Uint8Array(32).fill(7) }]

/** The codecs of a cache in all variants: each reads bytes of the others as well. */
export const codecsUnderTest: Readonly<Record<string, EntryCodec>> = {
  msgpack: createCodec({}),
  json: createCodec({ serializer: json() }),
  v8: createCodec({ serializer: v8() }),
  deflate: createCodec({ compressor: deflate() }),
  gzip: createCodec({ compressor: gzip() }),
  brotli: createCodec({ compressor: brotli() }),
  encryption: createCodec({ sealer: encryption({ keys }) }),
  signature: createCodec({ sealer: signature({ keys }) }),
}

function createCodec(choice: Choice, limit = maxSize): EntryCodec {
  const { serializer, compressor, sealer } = choice
  return createEntryCodec({
    cacheName: 'fuzz',
    place: '',
    serializer,
    serializers: undefined,
    classes: noClasses,
    compression: compressor && { compressor, threshold: 0 },
    compressors: [],
    sealer,
    maxSize: limit,
    schema: undefined,
    migrate: undefined,
  })
}

/** An entry of arbitrary payload: `serializer` is the id that it claims. */
export function forgeEntry(
  payload: Uint8Array,
  serializer: number,
  compressor: Compressor | undefined,
  kind: 'value' | 'error',
): Uint8Array | Promise<Uint8Array> {
  const forger: Serializer = {
    id: serializer,
    name: 'forged',
    serialize: () => payload,
    deserialize: () => undefined,
  }
  const choice = compressor === undefined ? { serializer: forger } : { serializer: forger, compressor }
  const value = kind === 'error' ? new Error('forged') : undefined
  return createCodec(choice, Number.POSITIVE_INFINITY).encode({ ...forgedHeader, kind, value })
}

export const fuzzedKey = 'user:42'

/** The header of all entries. */
export const forgedHeader = {
  key: fuzzedKey,
  tags: ['user:42', 'user'],
  asOf: 1_795_218_366_894_123,
  term: 7,
  createdAt: 1_795_218_366_894,
  freshUntil: 1_795_218_426_894,
  staleUntil: 1_795_218_426_894,
  errorUntil: 1_795_218_486_894,
  computeTime: 12,
}
