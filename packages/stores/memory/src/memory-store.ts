import {
  type ByteSize,
  byteSizeKind,
  checkOptions,
  countKind,
  type Duration,
  durationKind,
  functionKind,
  type LocalEntry,
  type LocalTier,
  type OptionTable,
  type Store,
  type StoreContext,
  toBytes,
  toMs,
} from '@larder/core'
import { createAdaptivePolicy } from './adaptive/adaptive-policy'
import type { CreateEvictionPolicy } from './eviction-policy'
import { sizeOf } from './size-of'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Maximum number of entries; beyond it, `eviction` chooses an entry to evict. @defaultValue 10_000 */
  readonly maxEntries?: number | undefined
  /** Maximum size: values, keys, tags and overhead, estimated. @defaultValue '64mb' */
  readonly maxBytes?: ByteSize | undefined
  /**
   * The eviction policy, such as `lru()` from `@larder/memory/lru`. The default is W-TinyLFU with an adaptive window: it
   * weighs frequency against recency, and learns how much of each the load rewards (Einziger, Eytan, Friedman and Manes,
   * Adaptive Software Cache Management, Middleware 2018). @defaultValue adaptive
   */
  readonly eviction?: CreateEvictionPolicy | undefined
  /** Upper bound for how long an entry is fresh in memory; in a tiered store the next tier is read after it. @defaultValue Infinity */
  readonly maxTtl?: Duration | undefined
  /** Returns the size of a value in bytes, if the estimate is not good enough. @defaultValue sizeOf */
  readonly weigh?: ((value: unknown) => number) | undefined
}

const optionTable: OptionTable<MemoryStoreOptions> = {
  maxEntries: countKind,
  maxBytes: byteSizeKind,
  eviction: functionKind("lru() from '@larder/memory/lru'"),
  maxTtl: durationKind,
  weigh: functionKind('(value) => value.length'),
}

/**
 * Bytes of an entry in addition to its value, key and tags: its slot in the eviction policy (65), the entry object (112), and
 * often the position in the invalidation log. Measured by `npm run bench -- memory-bytes`.
 */
const entryOverhead = 200

/**
 * Stores entries in this process, bounded in number and in bytes. Each cache that opens the store gets a memory of its own.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', store: memoryStore({ maxBytes: '256mb' }) })
 * ```
 * @throws LarderError `BAD_OPTION` for an unknown option, a bound that is not above 0 or an eviction policy that is not one;
 * `BAD_DURATION` for `maxTtl`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions('memoryStore', options, optionTable)
  const { maxEntries = 10_000, eviction = createAdaptivePolicy, weigh = sizeOf } = options
  const maxBytes = toBytes(options.maxBytes ?? '64mb', 'maxBytes')
  const maxTtl = toMs(options.maxTtl ?? Number.POSITIVE_INFINITY, 'maxTtl')
  return {
    open: (context) => ({
      local: openTier({ maxEntries, maxBytes, eviction, maxTtl, weigh }, context),
      shared: [],
      close: async () => undefined,
    }),
  }
}

interface TierOptions {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly eviction: CreateEvictionPolicy
  readonly maxTtl: number
  readonly weigh: (value: unknown) => number
}

function openTier(options: TierOptions, context: StoreContext): LocalTier {
  const { maxEntries, maxBytes, eviction, maxTtl, weigh } = options
  const { maxValueSize = Number.POSITIVE_INFINITY } = context
  const policy = eviction({
    maxEntries,
    maxBytes,
    random: () => context.clock.random(),
    onEvict: (key) => context.evicted(key),
  })
  return {
    name: 'memory',
    maxTtl,
    get: policy.get,
    peek: policy.peek,
    set(entry) {
      const valueSize = weigh(entry.value)
      const size = sizeOfEntry(entry, valueSize)
      if (size <= maxBytes && valueSize <= maxValueSize) return policy.set(entry, size)
      // Larger than the whole tier, or than a value may be. The entry that it replaces is outdated, so it is removed as well.
      policy.delete(entry.key)
      context.evicted(entry.key)
    },
    delete: policy.delete,
    usage: () => ({ entries: policy.entryCount(), maxEntries, bytes: policy.byteCount(), maxBytes }),
    entries: policy.entries,
  }
}

function sizeOfEntry(entry: LocalEntry, valueSize: number): number {
  let bytes = entryOverhead + entry.key.length * 2 + valueSize
  for (const tag of entry.tags) bytes += tag.length * 2 + 8
  return Math.ceil(bytes)
}
