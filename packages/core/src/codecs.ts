import { toBytes } from './arguments/byte-size'
import type { CacheOptions, Settings } from './cache-options'
import type { EntryCodec } from './contracts/entry-codec'
import type { SharedTier } from './contracts/store'
import { LarderError } from './errors'

/**
 * Returns a function that creates the entry codec for a shared tier, from the cache's options and the tier's defaults.
 * @throws LarderError `BAD_OPTION` for a tier without `createCodec`.
 */
export function createCodecs(options: CacheOptions, { name, maxValueSize, classes }: Settings) {
  const { compression, serializer, serializers, sealer, schema, migrate } = options

  return (tier: SharedTier): EntryCodec => {
    requireCodec(tier)
    const { compressor } = tier
    return tier.createCodec({
      cacheName: name,
      place: tier.place ?? '',
      serializer,
      serializers,
      classes,
      compression: chooseCompression(compression, tier),
      compressors: compressor === undefined ? [] : [compressor],
      sealer,
      maxSize: maxValueSize,
      schema,
      migrate,
    })
  }
}

/** The compressor of the cache takes precedence over that of the tier. */
function chooseCompression(chosen: CacheOptions['compression'], tier: SharedTier) {
  if (chosen === false) return undefined
  const compressor = chosen?.compressor ?? tier.compressor
  const threshold = chosen?.threshold
  return compressor && { compressor, threshold: threshold && toBytes(threshold, 'compression: threshold') }
}

function requireCodec({ name, createCodec }: SharedTier): void {
  if (typeof createCodec === 'function') return
  throw new LarderError(
    'BAD_OPTION',
    `The shared tier "${name}" needs a codec: set createCodec: createEntryCodec, from @larder/core/encoding.`,
  )
}
