import { type Cache, createPopularity, type MissReason } from '@larder/core'
import { createEvidenceRecorder, type FunctionEvidence } from './function-evidence'
import { listenToInvalidations } from './listen-to-invalidations'

/** Reads, misses, costs and invalidations, counted while there was interest in them. */
interface Activity {
  /** Start of the counts; undefined if counting has not started yet. */
  readonly since: Date | undefined
  readonly reads: number
  readonly reasons: Readonly<Partial<Record<MissReason, number>>>
  /** Keys by reads. */
  readonly topKeys: readonly { readonly name: string; readonly uses: number }[]
  /** Keys by the total time of their computations, in ms. */
  readonly costlyKeys: readonly { readonly key: string; readonly time: number }[]
  /** Tags by invalidations. */
  readonly topTags: readonly { readonly name: string; readonly uses: number }[]
  /** 95th percentile of the duration of successful calls to shared stores, in ms. */
  readonly slowCall: number | undefined
}

export interface ActivityRecorder {
  /** Starts counting, or extends it: counting stops `watchFor` ms after the last call. */
  watch(): void
  /** The counts, with at most `limit` names in each list. */
  summarize(limit: number): Activity
  /** The latest observations of a function; undefined if there are none. */
  findEvidence(name: string): FunctionEvidence | undefined
}

const maxKeys = 500
/** Durations kept for the percentile: the latest ones. */
const maxCalls = 1_000

type Counts = ReturnType<typeof createCounts>

function createCounts(cache: Cache) {
  return {
    evidence: createEvidenceRecorder(cache),
    since: new Date(),
    reads: 0,
    reasons: {} as Partial<Record<MissReason, number>>,
    keys: createPopularity({ capacity: maxKeys }),
    tags: createPopularity({ capacity: maxKeys }),
    costs: new Map<string, number>(),
    calls: [] as number[],
  }
}

/** Counts only while the dashboard or the API asks for it, so that a cache has no cost otherwise. */
export function createActivityRecorder(cache: Cache, watchFor: number): ActivityRecorder {
  let counts: Counts | undefined
  let unsubscribe: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function stopCounting(): void {
    unsubscribe?.()
    unsubscribe = undefined
  }

  return {
    watch() {
      clearTimeout(timer)
      timer = setTimeout(stopCounting, watchFor)
      timer.unref?.()
      if (unsubscribe !== undefined) return
      counts = createCounts(cache)
      unsubscribe = countEvents(cache, counts)
    },
    summarize: (limit) => ({
      since: counts?.since,
      reads: counts?.reads ?? 0,
      reasons: { ...counts?.reasons },
      topKeys: counts?.keys.top(limit) ?? [],
      topTags: counts?.tags.top(limit) ?? [],
      costlyKeys: findCostliest(counts?.costs, limit),
      slowCall: counts && quantileOf(counts.calls, 0.95),
    }),
    findEvidence: (name) => counts?.evidence.findEvidence(name),
  }
}

/** Adds the events of the cache to the counts until the returned function is called. */
function countEvents(cache: Cache, counts: Counts): () => void {
  function countRead({ key }: { key: string }): void {
    counts.reads += 1
    counts.keys.add(key)
  }
  const unsubscribers = [
    cache.on('hit', countRead),
    cache.on('stale', countRead),
    cache.on('miss', (event) => {
      countRead(event)
      counts.reasons[event.reason] = (counts.reasons[event.reason] ?? 0) + 1
    }),
    cache.on('compute', ({ key, duration }) => addCost(counts.costs, key, duration)),
    cache.on('store', ({ duration, ok }) => {
      if (!ok) return
      counts.calls.push(duration)
      if (counts.calls.length > maxCalls) counts.calls.shift()
    }),
    listenToInvalidations(cache, ({ scope, name }) => {
      if (scope === 'tag') counts.tags.add(name)
    }),
    ...counts.evidence.listen(),
  ]
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe()
  }
}

/** Drops the cheaper half when there are twice as many keys as allowed, so that sorting is rare. */
function addCost(costs: Map<string, number>, key: string, duration: number): void {
  costs.set(key, (costs.get(key) ?? 0) + duration)
  if (costs.size <= 2 * maxKeys) return
  const kept = findCostliest(costs, maxKeys)
  costs.clear()
  for (const entry of kept) costs.set(entry.key, entry.time)
}

function findCostliest(costs: ReadonlyMap<string, number> = new Map(), limit: number) {
  return [...costs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit)
    .map(([key, time]) => ({ key, time }))
}

function quantileOf(values: readonly number[], share: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]
}
