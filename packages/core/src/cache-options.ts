import { type Clock, systemClock } from './contracts/clock'
import type { Compressor, Sealer, Serializer } from './contracts/codec'
import type { StandardSchemaV1 } from './contracts/schema'
import type { Store } from './contracts/store'
import { type Duration, toMs } from './entry/duration'
import { LarderError } from './errors'
import type { EntryOptions, WaitOptions } from './options'
import type { TelemetryOptions } from './telemetry/open-telemetry'

/** Options of {@link createCache}. Those of {@link EntryOptions} and {@link WaitOptions} are defaults for every entry. */
export interface CacheOptions extends EntryOptions<never>, WaitOptions {
  /** Names the cache: caches of the same name on one Redis share entries and invalidations. */
  readonly name: string
  /** Where entries live: `memoryStore()`, `redisStore({ url })`, or `tieredStore([…])`. */
  readonly store: Store
  /**
   * `false` makes it a cache that keeps nothing: every read runs its function. What it invalidates reaches the others, which
   * may have it cached. @defaultValue true
   */
  readonly enabled?: boolean | undefined
  /** How old an invalidation from another process may be before a read must know of it. @defaultValue '2s' */
  readonly maxStaleness?: Duration | undefined
  /** How often the shared log is read without being asked. Shorter than `maxStaleness`. @defaultValue '800ms' */
  readonly syncInterval?: Duration | undefined
  /** No call of a shared store takes longer. @defaultValue '250ms' */
  readonly storeTimeout?: Duration | undefined
  /** How long a store that keeps failing is left alone. @defaultValue '1s' */
  readonly circuitPause?: Duration | undefined
  /** How long a process that dies while computing keeps others waiting. @defaultValue '2s' */
  readonly leaseTtl?: Duration | undefined
  /** Turns values into bytes, wherever those are needed. @defaultValue msgpack() */
  readonly serializer?: Serializer | undefined
  /** Serializers that wrote entries which should still be read. @defaultValue Larder's own */
  readonly serializers?: readonly Serializer[] | undefined
  /** Compresses payloads above a threshold, where that makes them smaller. `false` for never. @defaultValue the store's own choice, lz4 for Redis */
  readonly compression?: CompressionOptions | false | undefined
  /** Encrypts or signs entries in shared stores: `encryption({ keys })`, `signature({ keys })`. @defaultValue none */
  readonly sealer?: Sealer | undefined
  /** Larger values are not stored, and larger entries not read, in bytes before compression. @defaultValue 64 MiB */
  readonly maxValueSize?: number | undefined
  /** Checks what comes out of a shared store; what fails is a miss. Any Standard Schema (zod, valibot, arktype). */
  readonly schema?: StandardSchemaV1 | undefined
  /** Makes a value that fails the schema into one of today's shape. */
  readonly migrate?: ((old: unknown) => unknown) | undefined
  /** Separates the segments of tags: `jobs:42` hangs below `jobs`. `''` for none. @defaultValue ':' */
  readonly tagSeparator?: string | undefined
  /** Tags an entry may carry, those above them included. @defaultValue 64 */
  readonly maxTagsPerEntry?: number | undefined
  /** Links between tags at most. @defaultValue 10_000 */
  readonly maxTagLinks?: number | undefined
  /** Invalidated tags and keys remembered at most; beyond it the oldest cost misses. @defaultValue 100_000 */
  readonly maxKnownTags?: number | undefined
  /** Invalidations that may wait for a log that is away; beyond it they become one of everything. @defaultValue 10_000 */
  readonly maxOutbox?: number | undefined
  /** OpenTelemetry: the `metrics` and `trace` of `@opentelemetry/api`. @defaultValue none */
  readonly telemetry?: TelemetryOptions | undefined
  /** Time and chance; for tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
}

/** When payloads are compressed, and how. */
export interface CompressionOptions {
  readonly compressor?: Compressor | undefined
  /** In bytes. @defaultValue 1024 */
  readonly threshold?: number | undefined
}

/** Everything that is not about single entries, complete; durations in ms. */
export type Settings = ReturnType<typeof settingsOf>

/** Every option there is, so that a misspelt one is an error and not a default. */
const optionNames: ReadonlySet<string> = new Set<keyof CacheOptions>([
  ...(['name', 'store', 'enabled', 'clock', 'telemetry'] as const),
  ...([
    'ttl',
    'tags',
    'staleWhileRevalidate',
    'staleIfError',
    'retryAfter',
    'refreshAhead',
    'earlyExpiry',
    'jitter',
  ] as const),
  ...(['negativeTtl', 'errorTtl', 'cacheIf', 'sourceLag', 'isolate', 'softTimeout', 'hardTimeout'] as const),
  ...([
    'maxStaleness',
    'syncInterval',
    'storeTimeout',
    'circuitPause',
    'leaseTtl',
    'maxOutbox',
    'maxKnownTags',
  ] as const),
  ...(['serializer', 'serializers', 'compression', 'sealer', 'maxValueSize', 'schema', 'migrate'] as const),
  ...(['tagSeparator', 'maxTagsPerEntry', 'maxTagLinks'] as const),
])

function checkNames(options: CacheOptions): void {
  const unknown = Object.keys(options).find((name) => !optionNames.has(name))
  if (unknown === undefined) return
  throw new LarderError(
    'BAD_OPTION',
    `createCache knows no option "${unknown}". There are: ${[...optionNames].sort().join(', ')}.`,
  )
}

/** Larder would wait for its own sync with every read. */
function checkBounds(maxStaleness: number, syncInterval: number): void {
  if (syncInterval < maxStaleness) return
  throw new LarderError(
    'BAD_OPTION',
    `syncInterval (${syncInterval} ms) must be shorter than maxStaleness (${maxStaleness} ms), or every read would wait for a sync.`,
  )
}

/**
 * Checks the options of a cache and completes them.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function settingsOf(options: CacheOptions) {
  if (typeof options?.name !== 'string' || options.name === '') {
    throw new LarderError(
      'BAD_OPTION',
      "createCache needs a name: createCache({ name: 'users', store: memoryStore() }).",
    )
  }
  if (typeof options.store?.open !== 'function') {
    throw new LarderError(
      'BAD_OPTION',
      'createCache needs a store, such as memoryStore() from @larder/memory.',
    )
  }
  checkNames(options)
  const maxStaleness = toMs(options.maxStaleness ?? '2s', 'maxStaleness')
  const syncInterval = toMs(options.syncInterval ?? Math.min(800, maxStaleness * 0.4), 'syncInterval')
  checkBounds(maxStaleness, syncInterval)
  return {
    name: options.name,
    enabled: options.enabled ?? true,
    clock: options.clock ?? systemClock,
    maxStaleness,
    syncInterval,
    storeTimeout: toMs(options.storeTimeout ?? '250ms', 'storeTimeout'),
    circuitPause: toMs(options.circuitPause ?? '1s', 'circuitPause'),
    leaseTtl: toMs(options.leaseTtl ?? '2s', 'leaseTtl'),
    maxValueSize: options.maxValueSize ?? 64 * 1024 * 1024,
    tagSeparator: options.tagSeparator ?? ':',
    maxTagsPerEntry: options.maxTagsPerEntry ?? 64,
    maxTagLinks: options.maxTagLinks ?? 10_000,
    maxKnownTags: options.maxKnownTags ?? 100_000,
    maxOutbox: options.maxOutbox ?? 10_000,
  }
}
