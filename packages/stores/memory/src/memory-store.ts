import {
  type Duration,
  LarderError,
  type LocalEntry,
  type LocalTier,
  type Store,
  type StoreContext,
  toMs,
} from '@larder/core'
import { createAdaptivePolicy } from './adaptive/adaptive-policy'
import type { CreateEvictionPolicy } from './eviction-policy'
import { sizeOf } from './size-of'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Maximum number of entries; beyond it, `eviction` chooses an entry to evict. @defaultValue 10_000 */
  readonly maxEntries?: number | undefined
  /** Maximum size in bytes: values, keys, tags and overhead, estimated. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined
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
 * const cache = createCache({ name: 'shop', store: memoryStore({ maxBytes: 256 * 1024 * 1024 }) })
 * ```
 * @throws LarderError `BAD_OPTION` for a bound that is not a positive integer or for an eviction policy that is not one;
 * `BAD_DURATION` for `maxTtl`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, weigh = sizeOf } = options
  const { eviction = createAdaptivePolicy } = options
  const maxTtl = toMs(options.maxTtl ?? Number.POSITIVE_INFINITY, 'maxTtl')
  requireBound('maxEntries', maxEntries)
  requireBound('maxBytes', maxBytes)
  requireEviction(eviction)
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
      const size = sizeOfEntry(entry, weigh)
      if (size <= maxBytes) return policy.set(entry, size)
      // Larger than the whole tier. The entry that it replaces is outdated, so that one is removed as well.
      policy.delete(entry.key)
      context.evicted(entry.key)
    },
    delete: policy.delete,
    usage: () => ({ entries: policy.entryCount(), maxEntries, bytes: policy.byteCount(), maxBytes }),
    entries: policy.entries,
  }
}

function sizeOfEntry(entry: LocalEntry, weigh: (value: unknown) => number): number {
  let bytes = entryOverhead + entry.key.length * 2 + weigh(entry.value)
  for (const tag of entry.tags) bytes += tag.length * 2 + 8
  return Math.ceil(bytes)
}

function requireBound(name: string, bound: number): void {
  if (Number.isInteger(bound) && bound > 0) return
  throw new LarderError(
    'BAD_OPTION',
    `memoryStore: ${name} must be a positive integer such as 10000, because memory is bounded; got ${bound}.`,
  )
}

function requireEviction(eviction: unknown): void {
  if (typeof eviction === 'function') return
  throw new LarderError(
    'BAD_OPTION',
    `memoryStore: eviction must be a policy such as lru() from '@larder/memory/lru', or left out for the adaptive one; got '${String(eviction)}'.`,
  )
}
