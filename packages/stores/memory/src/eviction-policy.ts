import type { LocalEntry } from '@larder/core'

/** Bounds of an eviction policy, and its callback. */
export interface EvictionPolicyOptions {
  /** Maximum number of entries. */
  readonly maxEntries: number
  /** Maximum sum of the sizes, in bytes. */
  readonly maxBytes: number
  /** Returns a random number from 0 (included) to 1 (excluded). */
  random(): number
  /** Called for each evicted entry, after the policy's state is consistent again: the callback may use the policy. */
  onEvict(key: string): void
}

/** Makes a policy of its own for each cache that opens a store, such as `lru()`. */
export type CreateEvictionPolicy = (options: EvictionPolicyOptions) => EvictionPolicy

/** Keeps entries within its bounds, and decides which entry to evict. */
export interface EvictionPolicy {
  /** The entry, counted as a use. */
  get(key: string): LocalEntry | undefined
  /** The entry, without counting a use. */
  peek(key: string): LocalEntry | undefined
  /** Keeps an entry of `size` bytes, at most `maxBytes`, and evicts others if a bound is exceeded. */
  set(entry: LocalEntry, size: number): void
  delete(key: string): void
  entryCount(): number
  /** The sum of the sizes that entries were set with. */
  byteCount(): number
  entries(): Iterable<LocalEntry>
}
