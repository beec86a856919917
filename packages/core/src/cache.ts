import { type CacheOptions, settingsOf } from './cache-options'
import { readMany } from './compute/batch'
import { hand } from './compute/reader'
import type { ReadRequest } from './compute/read-request'
import { resolveRules } from './compute/rules'
import { createBatchLoader } from './compute/batch-loader'
import { wrapFunction } from './compute/wrap'
import type { Cache, Invalidated } from './contracts/cache'
import type { EntryView } from './contracts/inspection'
import type { Invalidation } from './contracts/log'
import type { WarmReport } from './contracts/operation'
import { type Engine, startEngine } from './engine'
import { checkKey, checkTag, joinNamespace, parseQualifiedKey, qualifyKey } from './entry/key'
import { matchesPattern } from './entry/pattern'
import { tagOfNamespace } from './entry/reserved-tags'
import { followEmitter, followIterable } from './invalidation/sources'
import { linkRecord } from './invalidation/tag-graph'
import type { MaybePromise } from './maybe-promise'
import { auditEntries } from './operation/audit'
import { runWarmUp } from './operation/warm-up'
import type { ComputeManyOptions, ComputeOptions, EntryOptions, InvalidateOptions } from './options'
import { explain, toEntryView } from './storage/explain'

/**
 * Makes a cache.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', store: memoryStore(), ttl: '5m' })
 * const product = cache.wrap(loadProduct, { tags: ([id]) => [`product:${id}`] })
 * await product(42)
 * await cache.invalidate('product:42')
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export function createCache<V = unknown>(options: CacheOptions): Cache<V> {
  return handle(startEngine(options, settingsOf(options)), '', []) as Cache<V>
}

/** What has not reached the log: it waits for a commit, or there is nothing to tell. */
const queued = (): Invalidated => ({ outcome: 'queued', token: undefined })

/** The cache as seen from one namespace: `path` goes before its keys, and its entries carry `scopeTags`. */
function handle(engine: Engine, path: string, scopeTags: readonly string[]): Cache {
  const { settings, follower, tiers, reader, invalidator, transactions, dependencies, validity } = engine

  const keyOf = (key: string) => {
    checkKey(key)
    return qualifyKey(path, key)
  }

  function requestOf(
    key: string,
    compute: ReadRequest['compute'],
    options: ComputeOptions<never> | undefined,
  ): ReadRequest {
    return {
      key: keyOf(key),
      compute,
      rules: resolveRules(options, engine.rules),
      scopeTags,
      fresh: options?.fresh ?? false,
      serveIf: options?.serveIf,
      signal: options?.signal,
    }
  }

  function ending(
    scope: 'tag' | 'key',
    names: readonly string[],
    options: InvalidateOptions | undefined,
  ): Invalidation[] {
    return names.map((name) => ({ scope, mode: options?.mode ?? 'hard', name }))
  }

  /** Takes effect now, or when the transaction around the caller commits. */
  function commit(effect: () => Promise<Invalidated>): MaybePromise<Invalidated> {
    return transactions.defer(effect) ? queued() : effect()
  }

  async function invalidate(invalidations: readonly Invalidation[], options?: InvalidateOptions) {
    engine.checkOpen()
    if (invalidations.length === 0) return queued()
    return commit(() => invalidator.invalidate(invalidations, options))
  }

  /** Changes the tag graph when its record takes effect, and not before: a transaction may never commit. */
  async function relink(scope: 'link' | 'unlink', child: string, parent: string) {
    engine.checkOpen()
    const records = [linkRecord(scope, child, parent), ...ending('tag', [child], undefined)]
    return commit(() => {
      follower.graph[scope](child, parent)
      return invalidator.invalidate(records, undefined)
    })
  }

  async function invalidateTags(tags: string | readonly string[], options?: InvalidateOptions) {
    const names = typeof tags === 'string' ? [tags] : tags
    for (const tag of names) checkTag(tag)
    return invalidate(ending('tag', names, options), options)
  }

  async function setMany(entries: Iterable<readonly [string, unknown]>, options?: EntryOptions<never>) {
    engine.checkOpen()
    const values = [...entries].map(([key, value]) => [keyOf(key), value] as const)
    const rules = resolveRules(options, engine.rules)
    if (values.length === 0) return queued()
    return commit(() => engine.writer.write(values, rules, scopeTags))
  }

  /** The entry that is served now, wherever it is. */
  async function view(key: string): Promise<EntryView | undefined> {
    await follower.ensureCurrent()
    const entry = (await tiers.inspect(keyOf(key)))?.entry
    const isServed = entry?.kind === 'value' && validity.stateOf(entry) === 'fresh'
    return isServed ? toEntryView(entry, validity) : undefined
  }

  /** What is at hand and needs no further thought. What is no key is refused by who is asked next. */
  const quick = (key: string, serveIf?: ReadRequest['serveIf']) =>
    typeof key === 'string' ? reader.quick(qualifyKey(path, key), serveIf) : undefined

  const obtain: Cache['getOrCompute'] = (key, compute, options) =>
    engine.read(
      () => requestOf(key, compute as ReadRequest['compute'], options as never),
      options,
    ) as Promise<never>

  const cache: Cache = {
    name: settings.name,
    enabled: settings.enabled,

    async get(key, options) {
      const found = (await reader.find([keyOf(key)], options)).get(keyOf(key))
      return found && (hand(found.entry) as never)
    },
    async getMany(keys, options) {
      const qualified = keys.map(keyOf)
      const found = await reader.find(qualified, options)
      return qualified.map((key) => {
        const entry = found.get(key)?.entry
        return entry && (hand(entry) as never)
      })
    },
    async has(key, options) {
      return (await reader.find([keyOf(key)], options)).size > 0
    },
    peek(key) {
      const entry = tiers.glance(keyOf(key))
      return entry?.kind === 'value' ? toEntryView(entry, validity) : undefined
    },

    set: async (key, value, options) => setMany([[key, value]], options as EntryOptions<never>),
    setMany: (entries, options) => setMany(entries, options as EntryOptions<never>),
    delete: async (key, options) => invalidate(ending('key', [keyOf(key)], options), options),
    deleteMany: async (keys, options) => invalidate(ending('key', keys.map(keyOf), options), options),
    clear(options) {
      if (path !== '') return invalidate(ending('tag', [tagOfNamespace(path)], options), options)
      return invalidate([{ scope: 'all', mode: options?.mode ?? 'hard', name: '' }], options)
    },
    async touch(key, ttl) {
      engine.checkOpen()
      return engine.writer.touch(keyOf(key), ttl)
    },

    getOrCompute(key, compute, options) {
      if (options !== undefined && isDemanding(options as ComputeOptions))
        return obtain(key, compute, options)
      return (quick(key, options?.serveIf) as Promise<never> | undefined) ?? obtain(key, compute, options)
    },

    async getManyOrCompute(keys, computeMissing, options) {
      const together = createBatchLoader({
        clock: settings.clock,
        dependencies,
        computeMissing: computeMissing as never,
        keyOf,
      })
      const requests = [...new Set(keys)].map((key) => {
        const compute: ReadRequest['compute'] = (context) => together.value(key, context)
        return [key, requestOf(key, compute, forKey(options as ComputeManyOptions<never>, key))] as const
      })
      const values = await readMany(requests, together, (request) => engine.read(() => request, options))
      return keys.map((key) => values.get(key) as never)
    },

    wrap: (fn, options = {}) =>
      wrapFunction({ ...cache, quick, obtain }, fn as never, options as never) as never,

    invalidate: invalidateTags,
    wrapWrite(fn, tags) {
      return async function (...args) {
        const result = await fn.apply(this, args)
        await invalidateTags(tags(args, result as never))
        return result as never
      }
    },
    follow(source: unknown, tags: (event: never) => string | readonly string[], event?: string) {
      const handling = {
        handle: async (item: never) => invalidateTags(tags(item)),
        onError: (error: unknown) => engine.report('follow', error),
      }
      const following =
        event === undefined
          ? followIterable(source as AsyncIterable<never>, handling)
          : followEmitter(source as never, event, handling)
      engine.onClose(following.stop)
      return following
    },
    transaction: (work) => transactions.run(work),

    async link(child, parent) {
      checkTag(child)
      checkTag(parent)
      follower.graph.checkLink(child, parent)
      return relink('link', child, parent)
    },
    unlink: (child, parent) => relink('unlink', child, parent),
    graph: () => [...follower.graph.listLinks()],
    untracked: (work) => dependencies.untracked(work),

    namespace(name) {
      const inner = joinNamespace(path, name)
      return handle(engine, inner, [...scopeTags, tagOfNamespace(inner)]) as never
    },
    async explain(key) {
      const qualified = keyOf(key)
      await follower.ensureCurrent()
      return explain(key, await tiers.inspect(qualified), follower, validity)
    },
    async keys({ pattern = '*', cursor, limit = 100 } = {}) {
      engine.checkOpen()
      const page = await tiers.scan(cursor, limit)
      const keys = page.keys
        .flatMap((found) => parseQualifiedKey(path, found) ?? [])
        .filter(({ key }) => matchesPattern(pattern, key))
      return { keys, cursor: page.cursor }
    },
    async warm(tasks, options = {}) {
      const { once } = options
      const run = () => dependencies.untracked(() => runWarmUp(tasks, options, settings.clock))
      if (once === undefined) return run()
      const report = cache.namespace<WarmReport>('larder.warm')
      return report.getOrCompute(once.name, run, { ...plainly, ttl: once.every })
    },
    audit: (options) =>
      auditEntries(
        { ...cache, view, maxStaleness: settings.maxStaleness, clock: settings.clock },
        options as never,
      ),
    sweep: () => engine.sweep(),
    stats: () => engine.stats(),
    on: (event, listener) => engine.emitter.on(event, listener),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  }
  return cache
}

/** Rules for what is kept exactly as long as it says, whatever the cache's own defaults. */
const plainly = {
  ...{ tags: [], cacheIf: () => true, jitter: 0, refreshAhead: 1, earlyExpiry: 0 },
  ...{ staleWhileRevalidate: 0, staleIfError: 0, hardTimeout: Number.POSITIVE_INFINITY },
}

/** Whether an entry that is valid by the usual rules will not do. */
function isDemanding(options: ComputeOptions): boolean {
  return options.fresh === true || options.consistency !== undefined || options.after !== undefined
}

/** Options of many keys as those of one. */
function forKey(
  options: ComputeManyOptions<never> | undefined,
  key: string,
): ComputeOptions<never> | undefined {
  if (options === undefined) return undefined
  const { tags, ttl, cacheIf, ...rest } = options
  return {
    ...rest,
    tags: typeof tags === 'function' ? (value) => tags(value, key) : tags,
    ttl: typeof ttl === 'function' ? (value) => ttl(value, key) : ttl,
    cacheIf: cacheIf && ((value) => cacheIf(value, key)),
  }
}
