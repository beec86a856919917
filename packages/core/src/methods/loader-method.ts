import { requireFunction } from '../arguments/check-arguments'
import { checkOptions } from '../arguments/check-options'
import { refuseNames } from '../arguments/refuse-names'
import { warnOfSeconds } from '../compute/warn-of-seconds'
import type { Cache } from '../contracts/cache'
import { deepCopy } from '../entry/copy'
import { batchPerTick } from '../storage/batch-per-tick'
import { loaderOptionTable } from './option-tables'
import { createReadMany } from './read-methods'
import type { CacheScope } from './scope'

/** A caller of a loader that waits for the value of its key. */
interface Caller {
  readonly key: string
  resolve(value: unknown): void
  reject(error: unknown): void
}

const defaultBatchSize = 1_000

const example = 'cache.loader((keys) => loadMany(keys), options)'

/** `cache.loader`. */
export function createLoaderMethod(scope: CacheScope): Cache['loader'] {
  const { engine, keyOf, counts } = scope
  const readMany = createReadMany('loader', scope)

  return (loadMany, given) => {
    requireFunction('loader', loadMany, example)
    checkOptions('loader', given, loaderOptionTable)
    warnOfSeconds('loader', given, engine.recorder)
    const { maxBatchSize = defaultBatchSize, ...options } = given ?? {}
    const isBounded = options.consistency !== 'strong'
    const copy = (options.isolate ?? engine.rules.isolate) ? deepCopy : returnSame
    const addCaller = batchByScope(engine, maxBatchSize, (callers) =>
      serveCallers(callers, copy, (keys) => readMany(keys, loadMany as never, options as never)),
    )

    const load = async (key: string) => {
      const qualified = keyOf(key)
      const hit = isBounded ? engine.serveLocal(qualified, counts, undefined) : undefined
      if (hit !== undefined) return hit.copy(hit.value) as never
      return new Promise((resolve, reject) => addCaller({ key, resolve, reject }))
    }
    return Object.setPrototypeOf(load, dataLoaderMethods)
  }
}

const dataLoaderMethods = refuseNames(
  Function.prototype,
  {
    methods: {
      'cache.clear(), or cache.invalidate(tag)': 'clearAll',
      'cache.delete(key)': 'clear',
      'cache.set(key, value)': 'prime',
      'load(key)': 'load',
      'Promise.all(keys.map((key) => load(key)))': 'loadMany',
    },
  },
  (given, own) => `A loader is a function and has no ${given}. Write ${own}.`,
)

const returnSame = (value: unknown) => value

/** Reads each key once. Callers of one key get copies, because each may change its own value. */
function serveCallers(
  callers: readonly Caller[],
  copy: (value: unknown) => unknown,
  readKeys: (keys: readonly string[]) => Map<string, Promise<unknown>>,
): void {
  const served = new Set<string>()
  const values = readKeys([...new Set(callers.map(({ key }) => key))])
  for (const { key, resolve, reject } of callers) {
    const isFirst = !served.has(key)
    served.add(key)
    values.get(key)?.then((value) => resolve(isFirst ? value : copy(value)), reject)
  }
}

const outside = {}

/**
 * Batches by tick, and apart for each transaction and each computation: a batch runs within that of its callers, so that
 * their reads are dependencies, and rows of a transaction are seen by its own callers alone.
 */
function batchByScope(
  { dependencies, transactions }: CacheScope['engine'],
  maxSize: number,
  dispatch: (callers: readonly Caller[]) => void,
): (caller: Caller) => void {
  const batches = new WeakMap<object, WeakMap<object, (caller: Caller) => void>>()

  return (caller) => {
    const transaction = transactions.current ?? outside
    const computation = dependencies.currentCapture() ?? outside
    const ofTransaction = batches.get(transaction) ?? new WeakMap<object, (caller: Caller) => void>()
    const addToBatch = ofTransaction.get(computation) ?? batchPerTick(maxSize, dispatch)
    batches.set(transaction, ofTransaction.set(computation, addToBatch))
    addToBatch(caller)
  }
}
