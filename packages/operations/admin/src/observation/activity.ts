import { type Cache, createPopularity, type MissReason, type Popularity } from '@larder/core'

/** What was seen of a cache's reads while somebody watched. */
export interface Activity {
  /** Since when, or undefined where nobody has watched yet. */
  readonly since: Date | undefined
  readonly reads: number
  readonly reasons: Readonly<Partial<Record<MissReason, number>>>
  /** Keys by reads, and by the time that computing them took, in ms. */
  readonly topKeys: readonly { readonly name: string; readonly uses: number }[]
  readonly costlyKeys: readonly { readonly key: string; readonly time: number }[]
  /** Tags by invalidations. */
  readonly topTags: readonly { readonly name: string; readonly uses: number }[]
  /** The slowest calls of shared stores in twenty, in ms. */
  readonly slowCall: number | undefined
}

const keysKept = 500
const callsKept = 1_000

/** Counts of one watch. */
function fresh() {
  return {
    since: new Date(),
    reads: 0,
    reasons: {} as Partial<Record<MissReason, number>>,
    keys: createPopularity({ capacity: keysKept }),
    tags: createPopularity({ capacity: keysKept }),
    costs: new Map<string, number>(),
    calls: [] as number[],
  }
}

/**
 * Counts reads by key and misses by reason while somebody is interested, and stops `watchFor` ms after the last time that
 * anybody was: a cache that nobody looks at pays nothing.
 */
export function createActivity(cache: Cache, watchFor: number) {
  let seen: ReturnType<typeof fresh> | undefined
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function read({ key }: { key: string }, { keys }: { keys: Popularity }): void {
    if (seen === undefined) return
    seen.reads += 1
    keys.add(key)
  }

  function start(): () => void {
    const own = fresh()
    seen = own
    const offs = [
      cache.on('hit', (event) => read(event, own)),
      cache.on('stale', (event) => read(event, own)),
      cache.on('miss', (event) => {
        read(event, own)
        own.reasons[event.reason] = (own.reasons[event.reason] ?? 0) + 1
      }),
      cache.on('compute', ({ key, duration }) => addCost(own.costs, key, duration)),
      cache.on('store', ({ duration }) => {
        own.calls.push(duration)
        if (own.calls.length > callsKept) own.calls.shift()
      }),
      cache.on('invalidate', ({ scope, names }) => {
        if (scope === 'tag') for (const name of names) own.tags.add(name)
      }),
    ]
    return () => {
      for (const off of offs) off()
    }
  }

  function end(): void {
    stop?.()
    stop = undefined
  }

  return {
    /** Somebody is interested: counting goes on, or begins. */
    watch(): void {
      clearTimeout(timer)
      timer = setTimeout(end, watchFor)
      timer.unref?.()
      stop ??= start()
    },
    seen(count: number): Activity {
      return {
        since: seen?.since,
        reads: seen?.reads ?? 0,
        reasons: { ...seen?.reasons },
        topKeys: seen?.keys.top(count) ?? [],
        topTags: seen?.tags.top(count) ?? [],
        costlyKeys: costliest(seen?.costs, count),
        slowCall: seen && quantile(seen.calls, 0.95),
      }
    },
  }
}

export type ActivityWatch = ReturnType<typeof createActivity>

function addCost(costs: Map<string, number>, key: string, duration: number): void {
  costs.set(key, (costs.get(key) ?? 0) + duration)
  if (costs.size <= 2 * keysKept) return
  const keep = [...costs].sort(([, a], [, b]) => b - a).slice(0, keysKept)
  costs.clear()
  for (const [name, cost] of keep) costs.set(name, cost)
}

function costliest(costs: ReadonlyMap<string, number> = new Map(), count: number) {
  return [...costs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([key, time]) => ({ key, time }))
}

function quantile(values: readonly number[], share: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]
}
