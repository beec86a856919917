import type { Cache, CacheEvents } from '@larder/core'
import { passThroughCache } from './pass-through-cache'

/** An invalidation that a {@link RecordingCache} was asked for. */
export type RecordedInvalidation = Pick<CacheEvents['invalidate'], 'scope' | 'names'>

/** A cache that stores nothing and remembers what was invalidated in it, or in a namespace of it. */
export interface RecordingCache extends Cache {
  /** The invalidations of tags and keys, in order; also those of `wrapWrite`, `set` and `delete`. */
  readonly recordedInvalidations: readonly RecordedInvalidation[]
  /** The names of all invalidated tags, in order. */
  readonly invalidatedTags: readonly string[]
  /** Empties the record. */
  forgetInvalidations(): void
}

/**
 * A {@link passThroughCache} with a record of its invalidations, for unit tests that assert which tags a write invalidates.
 *
 * @example
 * ```ts
 * const cache = recordingCache()
 * await new UserService(cache, database).rename(7, 'Ada')
 * expect(cache.invalidatedTags).toEqual(['user:7'])
 * ```
 */
export function recordingCache(): RecordingCache {
  const recordedInvalidations: RecordedInvalidation[] = []
  const invalidatedTags: string[] = []
  const cache = passThroughCache()
  cache.on('invalidate', ({ scope, names }) => {
    recordedInvalidations.push({ scope, names })
    if (scope === 'tag') invalidatedTags.push(...names)
  })
  return Object.assign(cache, {
    recordedInvalidations,
    invalidatedTags,
    forgetInvalidations() {
      recordedInvalidations.length = 0
      invalidatedTags.length = 0
    },
  })
}
