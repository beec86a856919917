import {
  type Duration,
  type HeldEntry,
  LarderError,
  type LocalTier,
  type Store,
  type StoreContext,
  toMs,
} from '@larder/core'
import { LRUCache } from 'lru-cache'
import { sizeOf } from './size'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Entries kept at most; the least recently used go first. @defaultValue 10_000 */
  readonly maxEntries?: number | undefined
  /** Bytes kept at most: values, keys, tags and what keeping them takes, estimated. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined
  /** No entry is fresh in memory for longer; in a tiered store, the tier below is asked then. @defaultValue Infinity */
  readonly maxTtl?: Duration | undefined
  /** The size of a value in bytes, where the estimate will not do. @defaultValue sizeOf */
  readonly weigh?: ((value: unknown) => number) | undefined
}

/** What an entry takes besides its value, key and tags: two objects, a slot in the map, a link in the list. */
const overhead = 200

/**
 * Keeps entries in this process, on lru-cache: bounded in number and in bytes. Each cache that uses it has a memory of its own.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION`, when a cache opens it, for bounds that are no bounds.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, weigh = sizeOf } = options
  const maxTtl = toMs(options.maxTtl ?? Number.POSITIVE_INFINITY, 'maxTtl')
  requireBound('maxEntries', maxEntries)
  requireBound('maxBytes', maxBytes)
  return {
    open: (context) => ({
      local: openTier({ maxEntries, maxBytes, maxTtl, weigh }, context),
      shared: [],
      close: async () => undefined,
    }),
  }
}

interface Bounds {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly maxTtl: number
  readonly weigh: (value: unknown) => number
}

function openTier(bounds: Bounds, context: StoreContext): LocalTier {
  const { maxEntries, maxBytes, maxTtl, weigh } = bounds
  const entries = new LRUCache<string, HeldEntry>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (entry) => weightOf(entry, weigh),
    dispose: (_, key, reason) => {
      if (reason === 'evict') context.evicted(key)
    },
  })
  return {
    name: 'memory',
    maxTtl,
    get: (key) => entries.get(key),
    peek: (key) => entries.peek(key),
    set: (entry) => void entries.set(entry.key, entry),
    delete: (key) => void entries.delete(key),
    usage: () => ({ entries: entries.size, maxEntries, bytes: entries.calculatedSize, maxBytes }),
    entries: () => entries.values(),
  }
}

function weightOf(entry: HeldEntry, weigh: (value: unknown) => number): number {
  const tags = entry.tags.reduce((sum, tag) => sum + tag.length * 2 + 8, 0)
  return Math.ceil(overhead + entry.key.length * 2 + tags + weigh(entry.value))
}

function requireBound(name: string, bound: number): void {
  if (Number.isInteger(bound) && bound > 0) return
  throw new LarderError(
    'BAD_OPTION',
    `memoryStore: ${name} is ${bound}. Write a whole number above 0; memory has no end of its own.`,
  )
}
