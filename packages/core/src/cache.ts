import { badArgument, requireName } from './arguments/check-arguments'
import { describeValue } from './arguments/describe-value'
import { runOutsideContexts } from './async-scope'
import { type CacheOptions, settingsOf } from './cache-options'
import { warnOfSeconds } from './compute/warn-of-seconds'
import type { Cache } from './contracts/cache'
import type { WarmReport } from './contracts/operation'
import { assembleEngine, type Engine } from './engine'
import { joinNamespace } from './entry/key'
import { tagOfNamespace } from './entry/reserved-tags'
import { createBegin } from './methods/begin-method'
import { createLoaderMethod } from './methods/loader-method'
import { namesElsewhere } from './methods/names-elsewhere'
import { createAudit, createInspectionMethods, createWarm } from './methods/operation-methods'
import { createReadMethods, createWrap } from './methods/read-methods'
import { createScope } from './methods/scope'
import { createTagMethods } from './methods/tag-methods'
import { createTransactionMethods } from './methods/transaction-methods'
import { createWriteMethods } from './methods/write-methods'
import { warnOfRuntime } from './warn-of-runtime'

/**
 * Creates a cache.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'shop', store: memoryStore(), ttl: '5m' })
 * const product = cache.wrap(loadProduct, { tags: ([id]) => [`product:${id}`] })
 * await product(42)
 * await cache.invalidate('product:42')
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an invalid option; the message says what to write instead.
 */
export function createCache<V = unknown>(options: CacheOptions<NoInfer<CommonValue<V>>>): Cache<V> {
  const settings = settingsOf(options)
  const engine = runOutsideContexts(() => {
    const assembled = assembleEngine(options, settings)
    assembled.start()
    return assembled
  })
  warnOfRuntime(engine)
  warnOfSeconds('createCache', options, engine.recorder)
  return createNamespace(engine, '', []) as Cache<V>
}

function onlyANameError(given: unknown): Error {
  return badArgument(
    `namespace takes a name and nothing else; got ${describeValue(given)}.`,
    "cache.namespace('users'), and its options where its values are computed: wrap(loadUser, { ttl: '5m' })",
  )
}

/** The type of values for functions of a whole cache. Without a common type, each says which values it takes. */
type CommonValue<V> = unknown extends V ? never : V

/**
 * The cache as seen from one namespace: `path` is the prefix of its keys, and its entries carry `scopeTags`. Reads by key
 * count as those of `functionName`.
 */
function createNamespace(
  engine: Engine,
  path: string,
  scopeTags: readonly string[],
  functionName = '*',
): Cache {
  const scope = createScope(engine, path, scopeTags, functionName)
  const reads = createReadMethods(scope)
  const writes = createWriteMethods(scope)
  const inspection = createInspectionMethods(scope)

  function namespace<W>(name: string, ...rest: unknown[]): Cache<W> {
    if (rest.length > 0) throw onlyANameError(rest[0])
    const inner = joinNamespace(path, name)
    return createNamespace(engine, inner, [...scopeTags, tagOfNamespace(inner)]) as Cache<W>
  }

  const cache: Cache = {
    name: engine.settings.name,
    enabled: engine.settings.enabled,
    hasSharedTier: engine.tiers.isShared,
    ...reads,
    ...writes,
    ...createTagMethods(scope),
    ...createTransactionMethods(scope),
    ...inspection,
    begin: createBegin(scope),
    loader: createLoaderMethod(scope),
    wrap: createWrap(scope, { ...writes, ...reads }),
    warm: createWarm(scope, () => namespace<WarmReport>('larder.warm')),
    audit: createAudit(scope, { ...writes, ...inspection }),
    namespace,
    countAs<W>(name: string) {
      requireName('countAs', name, "cache.countAs('searchProducts')")
      return createNamespace(engine, path, scopeTags, name) as Cache<W>
    },
    close: engine.close,
    [Symbol.asyncDispose]: engine.close,
  }
  return Object.setPrototypeOf(cache, namesElsewhere) as Cache
}
