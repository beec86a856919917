import {
  type Cache,
  type Clock,
  createPopularity,
  type Duration,
  LarderError,
  type PopularityOptions,
  systemClock,
  type WarmReport,
} from '@larder/core'
import { onAccess, rootKey } from './accesses'
import { requireCount } from './count'
import { expiringWithin } from './expiring'
import { periodOf } from './period'
import { createReload } from './reload'
import { repeat } from './repeat'
import type { Warming } from './warming'

/** Options of {@link warmPopular}. */
export interface WarmPopularOptions extends Omit<PopularityOptions, 'clock'> {
  /** How often to look for what expires soon. Shorter than the `ttl` of what is to be kept warm. @defaultValue '1m' */
  readonly every?: Duration | undefined
  /** So many of the most popular keys are kept warm. @defaultValue 100 */
  readonly top?: number | undefined
  /** Keys with fewer accesses are left alone; older ones count less, as `halfLife` says. @defaultValue 1 */
  readonly minCount?: number | undefined
  /**
   * The key for `load`, as the cache at hand calls it, from that of an event, which has its namespaces before it:
   * `@users/42`. Undefined for keys to leave alone. @defaultValue keys that are in no namespace
   */
  readonly keyOf?: ((key: string) => string | undefined) | undefined
  /** Whether `'once'` one process of all re-reads a key, or `'each'` for itself. @defaultValue 'once' */
  readonly runOn?: 'one-process' | 'every-process' | undefined
  /** Keys re-read at the same time at most. @defaultValue 4 */
  readonly concurrency?: number | undefined
  /** For tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
  /** Called after each look with what became of the keys that were due. */
  readonly onRound?: ((report: WarmReport) => void) | undefined
}

type Watched = Pick<Cache, 'on' | 'explain' | 'warm'>

/** Keys that will expire shortly after the next look are re-read as well, so that loading has time: a tenth of a period. */
const margin = 0.1

/**
 * Re-reads what is popular before it expires, so that no caller waits for it. `load` must compute anew, as `refresh` of a
 * wrapped function does: a read would find the value that is still there. Keys that are not cached are left alone.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function warmPopular(
  cache: Watched,
  load: (key: string) => unknown,
  options: WarmPopularOptions = {},
): Warming<void> {
  const { period, top, minCount, keyOf, runOn, concurrency, clock, onRound } = settingsOf(options)
  const popularity = createPopularity(options)
  const controller = new AbortController()
  const { signal } = controller
  const { reload, isLoading } = createReload({ cache, load, runOn, every: period / 2 })
  // What is re-read here was not asked for by anybody, and would keep itself popular for ever.
  const stopListening = onAccess(cache, keyOf, (key, kind) => {
    if (kind !== 'miss' || !isLoading(key)) popularity.add(key)
  })

  async function round(): Promise<void> {
    const popular = popularity.top(top).filter(({ uses }) => uses >= minCount)
    const keys = popular.map(({ name }) => name)
    const due = await expiringWithin(cache, keys, period * (1 + margin))
    if (due.length === 0) return
    const tasks = due.map((key) => () => reload(key))
    const report = await cache.warm(tasks, { concurrency, signal })
    onRound?.(report)
  }

  const done = repeat(round, { period, clock, signal }).finally(stopListening)
  return { stop: () => controller.abort(), done }
}

function settingsOf(options: WarmPopularOptions) {
  const { top = 100, minCount = 1, keyOf = rootKey, runOn = 'one-process', concurrency = 4 } = options
  const { clock = systemClock, onRound } = options
  const period = periodOf(options.every ?? '1m', 'every')
  requireCount(top, 'top')
  requireCount(concurrency, 'concurrency')
  if (!(minCount >= 0)) throw new LarderError('BAD_OPTION', `minCount: ${minCount} is no number from 0 on.`)
  return { period, top, minCount, keyOf, runOn, concurrency, clock, onRound }
}
