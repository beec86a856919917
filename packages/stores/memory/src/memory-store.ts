import {
  type Duration,
  LarderError,
  type LocalEntry,
  type LocalTier,
  type Store,
  type StoreContext,
  toMs,
} from '@larder/core'
import { createAdaptiveRoom } from './adaptive/adaptive-room'
import { createLruRoom } from './lru-room'
import { sizeOf } from './size'

/** Which entries go when there is no room: see {@link MemoryStoreOptions.eviction}. */
export type Eviction = 'adaptive' | 'lru'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Entries kept at most; `eviction` says which go first. @defaultValue 10_000 */
  readonly maxEntries?: number | undefined
  /** Bytes kept at most: values, keys, tags and what keeping them takes, estimated. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined
  /**
   * Who makes room: whoever pays least by W-TinyLFU, which weighs how often against how recently and learns how much of
   * each (`adaptive`; Einziger, Eytan, Friedman and Manes, Adaptive Software Cache Management, Middleware 2018), or the
   * least recently used (`lru`). @defaultValue 'adaptive'
   */
  readonly eviction?: Eviction | undefined
  /** No entry is fresh in memory for longer; in a tiered store, the tier below is asked then. @defaultValue Infinity */
  readonly maxTtl?: Duration | undefined
  /** The size of a value in bytes, where the estimate will not do. @defaultValue sizeOf */
  readonly weigh?: ((value: unknown) => number) | undefined
}

const rooms = { adaptive: createAdaptiveRoom, lru: createLruRoom } as const

/**
 * What an entry takes besides its value, key and tags: its place in the room (65 bytes), the object it is (112), and often
 * what tells its place in the order of invalidations. Measured by `npm run bench -- memory-bytes`.
 */
const overhead = 200

/**
 * Keeps entries in this process, bounded in number and in bytes. Each cache that uses it has a memory of its own.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION`, when a cache opens it, for bounds that are no bounds.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, eviction = 'adaptive', weigh = sizeOf } = options
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

interface Bounds {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly eviction: Eviction
  readonly maxTtl: number
  readonly weigh: (value: unknown) => number
}

function openTier(bounds: Bounds, context: StoreContext): LocalTier {
  const { maxEntries, maxBytes, eviction, maxTtl, weigh } = bounds
  const room = rooms[eviction]({
    maxEntries,
    maxBytes,
    random: () => context.clock.random(),
    evicted: (key) => context.evicted(key),
  })
  return {
    name: 'memory',
    maxTtl,
    get: room.get,
    peek: room.peek,
    set(entry) {
      const size = weightOf(entry, weigh)
      if (size <= maxBytes) return room.set(entry, size)
      // Larger than all of the room. What it was to replace is no longer right.
      room.delete(entry.key)
      context.evicted(entry.key)
    },
    delete: room.delete,
    usage: () => ({ entries: room.count(), maxEntries, bytes: room.bytes(), maxBytes }),
    entries: room.entries,
  }
}

function weightOf(entry: LocalEntry, weigh: (value: unknown) => number): number {
  let bytes = overhead + entry.key.length * 2 + weigh(entry.value)
  for (const tag of entry.tags) bytes += tag.length * 2 + 8
  return Math.ceil(bytes)
}

function requireBound(name: string, bound: number): void {
  if (Number.isInteger(bound) && bound > 0) return
  throw new LarderError(
    'BAD_OPTION',
    `memoryStore: ${name} is ${bound}. Write a whole number above 0; memory has no end of its own.`,
  )
}

function requireEviction(eviction: string): void {
  if (Object.hasOwn(rooms, eviction)) return
  throw new LarderError('BAD_OPTION', `memoryStore: eviction is ${eviction}. Write 'adaptive' or 'lru'.`)
}
