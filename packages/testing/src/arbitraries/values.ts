import type { Duration, DurationText } from '@larder/core'
import fc, { type Arbitrary } from 'fast-check'
import { arbitraryKey, arbitraryTag } from './names'

/** Durations as a number of ms, or as text with any unit. */
export function arbitraryDuration(): Arbitrary<Duration> {
  const text = fc
    .tuple(fc.nat({ max: 100 }), fc.constantFrom('ms', 's', 'm', 'h', 'd'))
    .map(([count, unit]) => `${count}${unit}` as DurationText)
  return fc.oneof(fc.nat({ max: 86_400_000 }), text)
}

/** Values that every serializer reproduces: plain data, Date, Map, Set, BigInt, typed arrays. */
export function arbitraryValue(): Arbitrary<unknown> {
  return fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: false,
    withNullPrototype: false,
  })
}

/** An entry to store. */
export interface ArbitraryEntry {
  readonly key: string
  readonly value: unknown
  readonly tags: readonly string[]
  readonly ttl: Duration
}

/** Entries with a key, a value, tags and a TTL. */
export function arbitraryEntry(): Arbitrary<ArbitraryEntry> {
  return fc.record({
    key: arbitraryKey(),
    value: arbitraryValue(),
    tags: fc.uniqueArray(arbitraryTag(), { maxLength: 3 }),
    ttl: arbitraryDuration(),
  })
}
