import {
  anyKind,
  type Cache,
  type Clock,
  checkOptions,
  choiceKind,
  countKind,
  createPopularity,
  type Duration,
  functionKind,
  kindOf,
  type OptionTable,
  type PopularityOptions,
  systemClock,
  type WarmReport,
} from '@larder/core'
import { onAccess, toRootKey } from './accesses'
import { checkCache } from './check-cache'
import { findExpiring } from './find-expiring'
import { toPeriod } from './period'
import { createReloader } from './reloader'
import { repeatEvery } from './repeat-every'
import type { Warming } from './warming'

/** Options of {@link warmPopular}. */
export interface WarmPopularOptions extends Omit<PopularityOptions, 'clock'> {
  /** How often to look for entries that expire soon. Must be shorter than their `ttl`. @defaultValue '1m' */
  readonly every?: Duration | undefined
  /** The number of most popular keys to keep warm. @defaultValue 100 */
  readonly top?: number | undefined
  /** Keys with fewer accesses are not reloaded; older accesses count less, by `halfLife`. @defaultValue 1 */
  readonly minCount?: number | undefined
  /**
   * Converts the key of an event, which has its namespaces before it (`@users/42`), to the key for `load`. Undefined for
   * keys that should not be reloaded. @defaultValue keys that are in no namespace
   */
  readonly keyOf?: ((key: string) => string | undefined) | undefined
  /** Whether one process or every process reloads a key. @defaultValue 'one-process' */
  readonly runOn?: 'one-process' | 'every-process' | undefined
  /** Maximum number of keys that are reloaded concurrently. @defaultValue 4 */
  readonly concurrency?: number | undefined
  /** For tests. @defaultValue systemClock */
  readonly clock?: Clock | undefined
  /** Called after each round that had keys to reload, with their report. */
  readonly onRound?: ((report: WarmReport) => void) | undefined
}

const optionTable: OptionTable<WarmPopularOptions> = {
  // Checked where they are converted.
  every: anyKind,
  capacity: anyKind,
  halfLife: anyKind,
  top: countKind,
  minCount: kindOf('a number from 0, such as 1', (value) => typeof value === 'number' && value >= 0),
  keyOf: functionKind("(key) => key.slice('@users/'.length)"),
  runOn: choiceKind('one-process', 'every-process'),
  concurrency: countKind,
  clock: anyKind,
  onRound: functionKind('({ done }) => console.log(done)'),
}
const loadKind = functionKind('(key) => product.refresh(idOf(key))')

type PopularCache = Pick<Cache, 'on' | 'explain' | 'warm'>

/** A tenth of a period is left for loading: keys that expire that soon after the next round are reloaded in this one. */
const loadMargin = 0.1

/**
 * Reloads popular keys before they expire, so that callers do not wait for them. `load` must compute a new value, as
 * `refresh` of a wrapped function does: a plain read would return the value that is still cached. Keys without an entry
 * are not loaded.
 *
 * @example
 * ```ts
 * const warming = warmPopular(cache, (key) => cache.getOrCompute(key, () => db.load(key), { fresh: true }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an invalid option.
 */
export function warmPopular(
  cache: PopularCache,
  load: (key: string) => unknown,
  options: WarmPopularOptions = {},
): Warming<void> {
  checkCache('warmPopular', cache, 'on', 'explain', 'warm')
  loadKind(load, 'warmPopular: the second argument')
  checkOptions('warmPopular', options, optionTable)
  const { period, top, minCount, keyOf, runOn, concurrency, clock, onRound } = resolveOptions(options)
  const popularity = createPopularity(options)
  const controller = new AbortController()
  const { signal } = controller
  const { reloadKey, isReloading } = createReloader({ cache, load, runOn, every: period / 2 })
  // Misses of a reload are not counted: a key would keep itself popular forever.
  const stopListening = onAccess(cache, keyOf, (key, kind) => {
    if (kind !== 'miss' || !isReloading(key)) popularity.add(key)
  })

  async function reloadExpiring(): Promise<void> {
    const popular = popularity.top(top).filter(({ uses }) => uses >= minCount)
    const keys = popular.map(({ name }) => name)
    const expiring = await findExpiring(cache, keys, period * (1 + loadMargin))
    if (expiring.length === 0) return
    const tasks = expiring.map((key) => () => reloadKey(key))
    const report = await cache.warm(tasks, { concurrency, signal })
    onRound?.(report)
  }

  const done = repeatEvery(period, reloadExpiring, { clock, signal }).finally(stopListening)
  return { stop: () => controller.abort(), done }
}

function resolveOptions(options: WarmPopularOptions) {
  const { top = 100, minCount = 1, keyOf = toRootKey, runOn = 'one-process', concurrency = 4 } = options
  const { clock = systemClock, onRound } = options
  const period = toPeriod(options.every ?? '1m', 'every')
  return { period, top, minCount, keyOf, runOn, concurrency, clock, onRound }
}
