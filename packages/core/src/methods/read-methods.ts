import { badArgument, requireFunction, requireList } from '../arguments/check-arguments'
import { checkOptions } from '../arguments/check-options'
import { createBatchLoader, readBatch } from '../compute/missing-keys-loader'
import type { ReadRequest } from '../compute/read-request'
import { copyValue } from '../compute/reader'
import { resolveRules } from '../compute/rules'
import { warnOfSeconds } from '../compute/warn-of-seconds'
import { type FunctionOwner, wrapFunction } from '../compute/wrap'
import type { Cache } from '../contracts/cache'
import type { ComputeMissing } from '../contracts/compute-missing'
import { toMs } from '../entry/duration'
import { nameInNamespace } from '../entry/key'
import { type TagNames, toTagNames } from '../entry/tag-names'
import type { Compute, ComputeManyOptions, ComputeOptions } from '../options'
import { toEntryView } from '../storage/entry-view'
import type { Lookup } from '../storage/lookup'
import type { FunctionCounts } from '../telemetry/function-counts'
import { computeManyOptionTable, readOptionTable, wrapOptionTable } from './option-tables'
import type { CacheScope } from './scope'

type ReadMethods = Pick<
  Cache,
  'get' | 'getMany' | 'getLocal' | 'has' | 'peek' | 'getOrCompute' | 'getManyOrCompute'
>

/** The methods of a cache that read values. */
export function createReadMethods(scope: CacheScope): ReadMethods {
  const { engine, keyOf, counts } = scope
  const { findFresh, tiers, validity } = engine
  const { tryFastPath, readThrough } = createReadPaths(scope)
  const readMany = createReadMany('getManyOrCompute', scope)

  return {
    async get(key, options) {
      checkOptions('get', options, readOptionTable)
      const qualified = keyOf(key)
      const served = options === undefined ? engine.serveLocal(qualified, counts, undefined) : undefined
      if (served !== undefined) return served.copy(served.value) as never
      const lookups = await findFresh([qualified], counts, options)
      return valueOfHit(lookups.get(qualified)) as never
    },
    async getMany(keys, options) {
      requireList('getMany', keys, "cache.getMany(['a', 'b'])")
      checkOptions('getMany', options, readOptionTable)
      const qualified = keys.map(keyOf)
      const lookups = await findFresh(qualified, counts, options)
      return qualified.map((key) => valueOfHit(lookups.get(key)) as never)
    },
    getLocal(key, serveIf) {
      const entry = engine.serveLocal(keyOf(key), counts, serveIf as never)
      return entry?.copy(entry.value) as never
    },
    async has(key, options) {
      checkOptions('has', options, readOptionTable)
      const qualified = keyOf(key)
      return (await findFresh([qualified], counts, options)).get(qualified)?.outcome === 'hit'
    },
    peek(key) {
      const entry = tiers.peek(keyOf(key))
      return entry?.kind === 'value' ? toEntryView(entry, validity) : undefined
    },
    getOrCompute(key, compute, options) {
      if (options !== undefined && needsMoreThanValidity(options as ComputeOptions))
        return readThrough(key, compute, options)
      return (
        (tryFastPath(key, counts, options?.serveIf) as Promise<never> | undefined) ??
        readThrough(key, compute, options)
      )
    },
    async getManyOrCompute(keys, computeMissing, options) {
      const example = 'cache.getManyOrCompute(keys, (missing) => loadMany(missing), options)'
      requireList('getManyOrCompute', keys, example)
      requireFunction('getManyOrCompute', computeMissing, example)
      checkOptions('getManyOrCompute', options, computeManyOptionTable)
      warnOfSeconds('getManyOrCompute', options, engine.recorder)
      const values = readMany(keys, computeMissing as never, options as never)
      return Promise.all(keys.map((key) => values.get(key) as Promise<never>))
    },
  }
}

/** Reads many keys at once: each missing one waits for one call of `computeMissing`. Returns the promise of each value by key. */
export function createReadMany(caller: string, { engine, keyOf, requestOf }: CacheScope) {
  return (
    keys: readonly string[],
    computeMissing: ComputeMissing<unknown>,
    options: ComputeManyOptions<never> | undefined,
  ): Map<string, Promise<unknown>> => {
    const batchLoader = createBatchLoader({
      caller,
      clock: engine.settings.clock,
      dependencies: engine.dependencies,
      computeMissing,
      sourceLimit: engine.sourceLimit,
      limitTime: engine.limitTime,
      hardTimeout: toMs(options?.hardTimeout ?? engine.rules.hardTimeout, `${caller}: hardTimeout`),
      keepsMissing: (options?.negativeTtl ?? engine.rules.negativeTtl) !== undefined,
      qualifyKey: keyOf,
    })
    const requests = [...new Set(keys)].map((key) => {
      const computeKey: ReadRequest['compute'] = (context) => batchLoader.computeOne(key, context)
      return [key, requestOf(key, computeKey, optionsOfKey(options, key))] as const
    })
    const readOne = (request: ReadRequest) => engine.readValue(request, options)
    return readBatch(requests, batchLoader, readOne)
  }
}

function valueOfHit(lookup: Lookup | undefined): unknown {
  return lookup?.outcome === 'hit' ? copyValue(lookup.entry) : undefined
}

/** `cache.wrap`: `methods` are those of the same cache. */
export function createWrap(scope: CacheScope, methods: Pick<Cache, 'delete' | 'peek'>): Cache['wrap'] {
  const { engine, path } = scope
  const target = {
    ...createReadPaths(scope),
    delete: methods.delete,
    peek: methods.peek,
    warnOnce: engine.recorder.warnOnce,
    countsOf: (name: string) => engine.recorder.countsOf(path, nameInNamespace(path, name)),
    claimName: (prefix: string, name: string, fn: object, isShared: boolean) =>
      engine.claimName(path + prefix, name, fn, isShared, wrap),
  }
  const wrap: Cache['wrap'] = (fn, options) => {
    requireWrappable(fn)
    // Here and not at the first call, so that a wrong option is found where it was written.
    resolveRules('wrap', options as never, engine.rules, wrapOptionTable)
    const wrapped = wrapFunction(target, fn as never, (options ?? {}) as never) as never
    warnOfSeconds(`wrap "${options?.name ?? fn.name}"`, options, engine.recorder)
    return wrapped
  }
  return wrap
}

function requireWrappable(fn: unknown): void {
  const example = "cache.wrap(loadUser, { name: 'loadUser', ttl: '5m' })"
  if (typeof fn === 'string')
    throw badArgument(
      `wrap takes a function, whose arguments make the keys; got the key '${fn}'.`,
      `${example}, or cache.getOrCompute('${fn}', () => loadValue())`,
    )
  requireFunction('wrap', fn, example)
  if (/^class\b/.test(Function.prototype.toString.call(fn)))
    throw badArgument(`wrap takes a function; got the class ${(fn as CallableFunction).name}.`, example)
  if (/GeneratorFunction$/.test((fn as CallableFunction).constructor?.name))
    throw badArgument(
      'wrap takes a function that returns its values together; got a generator, which gives each value once.',
      "cache.wrap(async (id) => { const rows = []; for await (const row of readRows(id)) rows.push(row); return rows }, { name: 'rows' })",
    )
}

function createReadPaths({ engine, keyOf, requestOf }: CacheScope) {
  function readThrough<T>(
    key: string,
    compute: Compute<T, never>,
    options?: ComputeOptions<T>,
    owner?: FunctionOwner,
  ): Promise<T> {
    // A request that cannot be made is a rejection, like every other failure of a read.
    try {
      const request = requestOf(key, compute as ReadRequest['compute'], options as never)
      if (owner !== undefined) return engine.readValue({ ...request, ...owner }, options) as Promise<T>
      warnOfSeconds('getOrCompute', options, engine.recorder)
      return engine.readValue(request, options) as Promise<T>
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** The value, if a local entry can be served as it is. An invalid key falls through to `readThrough`, which rejects it. */
  function tryFastPath(
    key: string,
    counts: FunctionCounts,
    serveIf?: ReadRequest['serveIf'],
  ): Promise<unknown> | undefined {
    try {
      const entry = engine.serveLocal(keyOf(key), counts, serveIf)
      return entry && Promise.resolve(entry.copy(entry.value))
    } catch {
      return undefined
    }
  }

  return { tryFastPath, readThrough }
}

/** Whether the options rule out an entry that is valid by the cache's own bound. `null` is refused when a value is computed. */
function needsMoreThanValidity(options: ComputeOptions | null): boolean {
  return options?.fresh === true || options?.consistency !== undefined || options?.after !== undefined
}

/** The options of `getManyOrCompute` for one of its keys. Functions that take a value may fail for a missing row. */
function optionsOfKey(
  options: ComputeManyOptions<never> | undefined,
  key: string,
): ComputeOptions<never> | undefined {
  if (options === undefined) return undefined
  const { tags, ttl, cacheIf, ...rest } = options
  return {
    ...rest,
    tags: typeof tags === 'function' ? (value) => tagsOfRow(tags, value, key) : tags,
    ttl: typeof ttl === 'function' ? (value) => (value === undefined ? 0 : ttl(value, key)) : ttl,
    cacheIf: cacheIf && ((value) => value === undefined || cacheIf(value, key)),
  }
}

/** Tags of a missing row can only come from its key: it has none if the function needs the row for them. */
function tagsOfRow(tags: (value: never, key: string) => TagNames, value: unknown, key: string): TagNames {
  if (value !== undefined) return tags(value as never, key)
  try {
    return toTagNames('tags', tags(undefined as never, key))
  } catch {
    return []
  }
}
