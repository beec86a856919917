import type { CacheOptions, Settings } from './cache-options'
import type { EntryCodec } from './contracts/entry-codec'
import type { SharedTier } from './contracts/store'
import { LarderError } from './errors'

/**
 * Makes the codec of a cache for each of its shared tiers: by what the tier brings, as the cache was told.
 * @throws LarderError `BAD_OPTION` for a tier that brings nothing.
 */
export function createCodecs(options: CacheOptions, { name, maxValueSize }: Settings) {
  const { compression, serializer, serializers, sealer, schema, migrate } = options

  return (tier: SharedTier): EntryCodec => {
    requireCodec(tier)
    const { compressor } = tier
    return tier.createCodec({
      cacheName: name,
      serializer,
      serializers,
      compression: compressionOf(compression, tier),
      compressors: compressor === undefined ? [] : [compressor],
      sealer,
      maxSize: maxValueSize,
      schema,
      migrate,
    })
  }
}

/** The cache's own choice goes before that of the tier. */
function compressionOf(chosen: CacheOptions['compression'], tier: SharedTier) {
  if (chosen === false) return undefined
  const compressor = chosen?.compressor ?? tier.compressor
  return compressor && { compressor, threshold: chosen?.threshold }
}

function requireCodec({ name, createCodec }: SharedTier): void {
  if (typeof createCodec === 'function') return
  throw new LarderError(
    'BAD_OPTION',
    `The tier "${name}" has nothing that makes bytes of entries. Give it createCodec: createEntryCodec, from @larder/core/encoding.`,
  )
}
