import { type ByteSize, toBytes } from './arguments/byte-size'
import { checkOptions, type OptionTable, requireOptionsObject } from './arguments/check-options'
import { describeValue } from './arguments/describe-value'
import {
  anyKind,
  booleanKind,
  byteSizeKind,
  countKind,
  durationKind,
  functionKind,
  kindOf,
  nameKind,
  objectKind,
  schemaKind,
  textKind,
} from './arguments/option-kinds'
import type { RuleOptions } from './compute/rules'
import { type Clock, systemClock } from './contracts/clock'
import type { Compressor, Sealer, Serializer } from './contracts/codec'
import type { StandardSchemaV1 } from './contracts/schema'
import type { Store } from './contracts/store'
import { type Duration, toMs } from './entry/duration'
import { toClasses, type ValueType } from './entry/registered-classes'
import { LarderError } from './errors'
import type { EntryOptions, WaitOptions } from './options'
import type { Logger } from './telemetry/log-events'
import type { TelemetryOptions } from './telemetry/open-telemetry'

/** Options of {@link createCache}; `V` is the type of the values that functions among them get. Those of {@link EntryOptions} and {@link WaitOptions} are defaults for every entry. */
export interface CacheOptions<V = never> extends EntryOptions<V>, WaitOptions {
  /**
   * The name of the cache. Caches of the same name on one Redis share entries and invalidations; those in the memory of one
   * process share invalidations, also if several copies of the module have created them.
   */
  readonly name: string
  /** Where entries live: `memoryStore()`, `redisStore({ url })`, or `tieredStore([…])`. */
  readonly store: Store
  /**
   * `false` disables the cache: every read runs its function, and no value is stored. Invalidations are still issued, because
   * other processes may have cached the values. @defaultValue true
   */
  readonly enabled?: boolean | undefined
  /** The bound on staleness: a read reflects every invalidation of any process that is older than this. @defaultValue '2s' */
  readonly maxStaleness?: Duration | undefined
  /** How often the shared log is polled. Must be shorter than `maxStaleness`. @defaultValue '800ms' */
  readonly syncInterval?: Duration | undefined
  /** The timeout of each call of a shared store. @defaultValue '250ms' */
  readonly storeTimeout?: Duration | undefined
  /** How long the circuit breaker of a failing store stays open before the next attempt. @defaultValue '1s' */
  readonly circuitPause?: Duration | undefined
  /**
   * How long a process that dies, stalls or is cut off while it computes keeps other processes waiting. The lease is renewed
   * three times in this time; a process that stalls for longer loses it, and another computes as well. @defaultValue '400ms'
   */
  readonly leaseTtl?: Duration | undefined
  /** Turns values into bytes for shared stores. @defaultValue msgpack() */
  readonly serializer?: Serializer | undefined
  /** Further serializers, for reading entries that were written with them. @defaultValue Larder's own */
  readonly serializers?: readonly Serializer[] | undefined
  /**
   * Classes whose instances keep their class in shared stores. Instances of others come back as plain objects, of which the
   * cache warns once per function; `toJSON` is used if it gives an object. @defaultValue []
   */
  readonly types?: readonly ValueType[] | undefined
  /** Compresses payloads above a threshold, if that makes them smaller. `false` for never. @defaultValue the store's own choice, deflate() for Redis */
  readonly compression?: CompressionOptions | false | undefined
  /** Encrypts or signs entries in shared stores: `encryption({ keys })`, `signature({ keys })`. @defaultValue none */
  readonly sealer?: Sealer | undefined
  /**
   * Maximum size of a value; a larger one is returned and not stored. In a shared store that is its size in bytes before
   * compression, in memory the store's own estimate. @defaultValue '64mb'
   */
  readonly maxValueSize?: ByteSize | undefined
  /** Validates values from a shared store; one that fails is a miss. Any Standard Schema (zod, valibot, arktype). */
  readonly schema?: StandardSchemaV1 | undefined
  /** Converts a value that fails the schema to the current shape, before it is validated once more. */
  readonly migrate?: ((old: unknown) => unknown) | undefined
  /** Separates the segments of tags: `jobs` is the parent of `jobs:42`. `''` for no hierarchy. @defaultValue ':' */
  readonly tagSeparator?: string | undefined
  /**
   * Maximum tags of an entry: its own, those of the cached values it was made of, one for each of these values, and all
   * their ancestors. A value with more is returned and not stored, with a warning. The default is room for a thousand values
   * with three tags each. @defaultValue 4_000
   */
  readonly maxTagsPerEntry?: number | undefined
  /** Maximum links between tags. @defaultValue 10_000 */
  readonly maxTagLinks?: number | undefined
  /**
   * Maximum invalidated tags, and keys, remembered. Beyond it, the tags with the most siblings are merged into their parent,
   * and other names are forgotten: that costs misses, never correctness. @defaultValue 100_000
   */
  readonly maxKnownTags?: number | undefined
  /** Maximum invalidations queued while the log cannot be reached; beyond it they become one that clears the cache. @defaultValue 10_000 */
  readonly maxOutbox?: number | undefined
  /**
   * Maximum computations of this cache under way in this process: protects the source when Redis is gone or empty. Up to 1 000
   * more wait; beyond that a stale value is served, if it may be (`staleIfError`), or the call rejects with `SOURCE_BUSY`.
   * Computations inside a computation need no place of their own. One that has run for its `hardTimeout` loses its place, with
   * a warning: pass `ctx.signal` on, so that it ends then. @defaultValue no limit
   */
  readonly maxConcurrentComputes?: number | undefined
  /** OpenTelemetry: the `metrics` and `trace` of `@opentelemetry/api`. @defaultValue none */
  readonly telemetry?: TelemetryOptions | undefined
  /**
   * Gets a line when an outage begins and one when it has ended, damaged entries and warnings: `pino()`, Fastify's
   * `app.log`, or `console`. @defaultValue none
   */
  readonly logger?: Logger | undefined
  /** Time, randomness and timers; replaced in tests. @defaultValue the system's */
  readonly clock?: Clock | undefined
}

/** Which payloads are compressed, and how. */
export interface CompressionOptions {
  /** How payloads are compressed: `gzip()`, `brotli()`. @defaultValue the store's own choice, deflate() for Redis */
  readonly compressor?: Compressor | undefined
  /** Payloads of at least this size are compressed. @defaultValue '1kb' */
  readonly threshold?: ByteSize | undefined
}

/** The options that do not concern single entries: complete and checked, durations in ms. */
export type Settings = ReturnType<typeof settingsOf>

const compressionTable: OptionTable<CompressionOptions> = {
  compressor: objectKind('gzip()', 'compress', 'decompress'),
  threshold: (value, name) => {
    if (value !== 0) byteSizeKind(value, name)
  },
}

/** The options that are not options of entries. */
export const cacheOptionTable: OptionTable<Omit<CacheOptions, keyof RuleOptions>> = {
  name: nameKind,
  store: objectKind('memoryStore()', 'open'),
  enabled: booleanKind,
  maxStaleness: durationKind,
  syncInterval: durationKind,
  storeTimeout: durationKind,
  circuitPause: durationKind,
  leaseTtl: durationKind,
  serializer: objectKind('msgpack()', 'serialize', 'deserialize'),
  serializers: kindOf('a list of serializers such as [json()]', Array.isArray),
  types: (value, name) => void toClasses(value, name),
  compression: (value, name) => {
    if (value !== false) checkOptions(name, value, compressionTable)
  },
  sealer: objectKind('encryption({ keys })', 'seal', 'open'),
  maxValueSize: byteSizeKind,
  schema: schemaKind,
  migrate: functionKind('(old) => ({ ...old, version: 2 })'),
  tagSeparator: textKind,
  maxTagsPerEntry: countKind,
  maxTagLinks: countKind,
  maxKnownTags: countKind,
  maxOutbox: countKind,
  maxConcurrentComputes: anyKind,
  telemetry: objectKind('{ metrics, trace }'),
  logger: objectKind('pino()', 'info', 'warn', 'error'),
  clock: objectKind('systemClock', 'now', 'monotonic', 'timeout'),
}

/** @throws LarderError `BAD_OPTION` if every read would have to wait for a sync. */
function checkBounds(maxStaleness: number, syncInterval: number): void {
  if (syncInterval < maxStaleness) return
  throw new LarderError(
    'BAD_OPTION',
    `syncInterval (${syncInterval} ms) must be shorter than maxStaleness (${maxStaleness} ms), or every read would wait for a sync.`,
  )
}

/**
 * Checks the options of a cache and fills in the defaults.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION`; the message says what to write instead.
 */
export function settingsOf(options: CacheOptions) {
  if (options !== undefined) requireOptionsObject('createCache', options, cacheOptionTable)
  if (typeof options?.name !== 'string' || options.name === '') {
    throw new LarderError(
      'BAD_OPTION',
      "createCache needs a name: createCache({ name: 'users', store: memoryStore() }).",
    )
  }
  if (typeof options.store?.open !== 'function') {
    throw new LarderError(
      'BAD_OPTION',
      `createCache needs a store, such as memoryStore() from @larder/memory${gotStore(options.store)}.`,
    )
  }
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
    leaseTtl: toMs(options.leaseTtl ?? '400ms', 'leaseTtl'),
    maxValueSize: toBytes(options.maxValueSize ?? '64mb', 'maxValueSize'),
    classes: toClasses(options.types ?? [], 'types'),
    tagSeparator: options.tagSeparator ?? ':',
    maxTagsPerEntry: options.maxTagsPerEntry ?? 4_000,
    maxTagLinks: options.maxTagLinks ?? 10_000,
    maxKnownTags: options.maxKnownTags ?? 100_000,
    maxOutbox: options.maxOutbox ?? 10_000,
    maxConcurrentComputes: options.maxConcurrentComputes,
  }
}

/** The end of the message about something else that was given as a store. */
function gotStore(given: unknown): string {
  if (given === undefined) return ''
  const hint = Array.isArray(given)
    ? ': tieredStore([memoryStore(), redisStore({ url })]) makes one of several'
    : ''
  return `; got ${describeValue(given)}${hint}`
}
